#!lua flags=allow-oom
-- Removes connections that belong to an owner, and never what a newer registration replaced (R06). Their memberships
-- have been ended before; one that could not be keeps its place in the holdings, so that it is found and ended later.
--
-- KEYS[1] fence
-- KEYS[2] holdings of the owner
-- KEYS[3] connections
-- KEYS[4] users
-- ARGV[1] generation
-- ARGV[2] owner that asks, empty for one that has retired
-- ARGV[3] owner the connections belong to
-- ARGV[4...] connection ids
-- Returns how many there were.
--@include lease
local refusal = refused(KEYS[1], ARGV[1], ARGV[2])
if refusal then
  return refusal
end
local removed = 0
for i = 4, #ARGV do
  local id = ARGV[i]
  if redis.call('HGET', KEYS[2], id) == '' then
    redis.call('HDEL', KEYS[2], id)
  end
  local old = redis.call('HGET', KEYS[3], id)
  if old and string.sub(old, 1, 16) == ARGV[3] then
    local length = struct.unpack('>I2', old, 17)
    redis.call('ZREM', KEYS[4], string.sub(old, 17, 18 + length) .. id)
    redis.call('HDEL', KEYS[3], id)
    removed = removed + 1
  end
end
return removed
