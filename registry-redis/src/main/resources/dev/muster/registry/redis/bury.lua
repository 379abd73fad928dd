#!lua flags=allow-oom
-- Ends the sweep of a dead node of which nothing is left. It stays known as dead for a day.
--
-- KEYS[1] fence
-- KEYS[2] buried
-- KEYS[3] holdings of the dead node
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
if not node or redis.call('EXISTS', KEYS[3]) == 1 then
  return 0
end
redis.call('HDEL', KEYS[1], 'd:' .. ARGV[2])
redis.call('HSET', KEYS[2], ARGV[2], struct.pack('>I6', now) .. node)
local buried = redis.call('HGETALL', KEYS[2])
for i = 1, #buried, 2 do
  if struct.unpack('>I6', buried[i + 1]) < now - 86400000 then
    redis.call('HDEL', KEYS[2], buried[i])
  end
end
return 1
