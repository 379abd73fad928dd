#!lua flags=allow-oom
-- Renews a lease, unless it has ended: a dead node's memberships may be on their way out already (R20, R21).
--
-- KEYS[1] fence
-- KEYS[2] buried
-- ARGV[1] generation
-- ARGV[2] owner
-- ARGV[3] node id
-- ARGV[4] lease in ms
-- Returns whether absent nodes may only be late (0 or 1), then ids of nodes: after '+' those that are up, after '?' those
-- that are up and should have renewed their lease long ago, after '=' those whose lease ran out without anybody having
-- noticed, after '-' those that are known to be dead.
--@include clock
--@include lease
local refusal = refused(KEYS[1], ARGV[1], ARGV[2])
if refusal then
  return refusal
end
redis.call('HSET', KEYS[1], 'l:' .. ARGV[2], struct.pack('>I6c8', now + ARGV[4], ARGV[1]) .. ARGV[3])
local fields = redis.call('HGETALL', KEYS[1])
local answer = {0}
for i = 1, #fields, 2 do
  local kind = string.sub(fields[i], 1, 2)
  local value = fields[i + 1]
  if kind == 'l:' then
    local left = struct.unpack('>I6', value) - now
    local mark = left <= 0 and '=' or left < ARGV[4] / 2 and '?' or '+'
    answer[#answer + 1] = mark .. string.sub(value, 15)
  elseif kind == 'd:' then
    answer[#answer + 1] = '-' .. value
  elseif fields[i] == 'notbefore' and tonumber(value) > now then
    answer[1] = 1
  end
end
if answer[1] == 1 then
  for _, value in ipairs(redis.call('HVALS', KEYS[2])) do
    answer[#answer + 1] = '-' .. string.sub(value, 7)
  end
end
return answer
