#!lua flags=allow-oom
-- Finds a dead node whose traces are to be removed, and moves it from the leases to the dying first, so that a late
-- heartbeat cannot bring it back while it is being taken apart (R20).
--
-- KEYS[1] fence
-- ARGV[1] generation
-- ARGV[2] owner that sweeps
-- ARGV[3] lease in ms
-- ARGV[4] ms between two sweeps of a node
-- Returns nothing, or the owner and the node id of a dead node that is now this node's to sweep.
--@include clock
--@include lease
local refusal = refused(KEYS[1], ARGV[1], ARGV[2])
if refusal then
  return refusal
end
local every = tonumber(ARGV[4])
local state = redis.call('HMGET', KEYS[1], 'swept', 'notbefore', 'claim')
redis.call('HSET', KEYS[1], 'swept', now)
local pause = now - (tonumber(state[1]) or now)
if pause > math.max(5 * every, 1000) or pause < 0 then
  -- The server stood still, or everybody was cut off from it: no lease that ran out meanwhile says anything.
  redis.call('HSET', KEYS[1], 'notbefore', now + ARGV[3])
  return {}
end
local claimed, claimant = string.match(state[3] or '', '^(%d+) (.*)$')
if claimed and tonumber(claimed) > now and claimant ~= ARGV[2] then
  return {}
end
local fields = redis.call('HGETALL', KEYS[1])
local dead, node
for i = 1, #fields, 2 do
  if string.sub(fields[i], 1, 2) == 'd:' then
    dead, node = string.sub(fields[i], 3), fields[i + 1]
    break
  end
end
if not dead and now >= (tonumber(state[2]) or 0) then
  for i = 1, #fields, 2 do
    if string.sub(fields[i], 1, 2) == 'l:' and struct.unpack('>I6', fields[i + 1]) <= now then
      dead, node = string.sub(fields[i], 3), string.sub(fields[i + 1], 15)
      redis.call('HDEL', KEYS[1], fields[i])
      redis.call('HSET', KEYS[1], 'd:' .. dead, node)
      break
    end
  end
end
if not dead then
  return {}
end
-- The claim only spares the others the work: deletes go by owner, so two sweepers do no harm.
redis.call('HSET', KEYS[1], 'claim', string.format('%d %s', now + 2 * every, ARGV[2]))
return {dead, node}
