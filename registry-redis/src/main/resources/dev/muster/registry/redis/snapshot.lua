#!lua flags=allow-oom
-- A page of a group's entries (R17).
--
-- KEYS[1] fence
-- KEYS[2] meta of the group
-- ARGV[1] generation
-- ARGV[2] ms an empty group stays at least
-- ARGV[3] epoch (14 bytes) in which the snapshot was begun, empty for the first page
-- ARGV[4] cursor of the server's scan
-- Returns position and next cursor, 0 at the end, then key and value of each entry; or N if there is no such group, or
-- E if its log was replaced.
local generation, idle = ARGV[1], tonumber(ARGV[2])
--@include clock
--@include lease
--@include group
local refusal = refused(KEYS[1], generation, '')
if refusal then
  return refusal
end
local m = open(KEYS[2])
if ARGV[3] ~= '' and (not m or epoch_of(m) ~= ARGV[3]) then
  return {'E'}
end
if not m then
  return {'N'}
end
if m.changed then
  save(m)
end
local scan = redis.call('HSCAN', sibling(m, 'e'), ARGV[4], 'COUNT', 100)
local answer = {position(m), scan[1]}
for _, part in ipairs(scan[2]) do
  answer[#answer + 1] = part
end
return answer
