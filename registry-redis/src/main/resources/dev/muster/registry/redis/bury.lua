#!lua flags=allow-oom
-- Ends the sweep of a dead node of which nothing is left. It stays known as dead for a day.
--
-- KEYS[1] fence
-- KEYS[2] holdings of the dead node
-- ARGV[1] generation
-- ARGV[2] owner that is dead
-- Returns 1 if it is buried now.
--@include clock
--@include lease
local refusal = refused(KEYS[1], ARGV[1], '')
if refusal then
  return refusal
end
local node = redis.call('HGET', KEYS[1], 'd:' .. ARGV[2])
if not node or redis.call('EXISTS', KEYS[2]) == 1 then
  return 0
end
redis.call('HDEL', KEYS[1], 'd:' .. ARGV[2])
redis.call('HSET', KEYS[1], 'x:' .. ARGV[2], struct.pack('>I6', now) .. node)
local fields = redis.call('HGETALL', KEYS[1])
for i = 1, #fields, 2 do
  if string.sub(fields[i], 1, 2) == 'x:' and struct.unpack('>I6', fields[i + 1]) < now - 86400000 then
    redis.call('HDEL', KEYS[1], fields[i])
  end
end
return 1
