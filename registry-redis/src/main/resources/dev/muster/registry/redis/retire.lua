#!lua flags=allow-oom
-- A node that leaves in order moves its own lease to the dying: from here on it is swept like any other (R25).
--
-- KEYS[1] fence
-- ARGV[1] generation
-- ARGV[2] owner
-- ARGV[3] node id
-- Returns 1 if it had a lease.
--@include lease
local refusal = refused(KEYS[1], ARGV[1], '')
if refusal then
  return refusal
end
if redis.call('HDEL', KEYS[1], 'l:' .. ARGV[2]) == 0 then
  return 0
end
redis.call('HSET', KEYS[1], 'd:' .. ARGV[2], ARGV[3])
return 1
