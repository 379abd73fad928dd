#!lua flags=allow-oom
-- A page of the groups that have members.
--
-- KEYS[1] fence
-- KEYS[2] groups
-- ARGV[1] cursor of the server's scan
-- Returns the next cursor, 0 at the end, then name and number of members of each.
local tag = string.sub(KEYS[1], 1, -2)
local scan = redis.call('SSCAN', KEYS[2], ARGV[1], 'COUNT', 200)
local answer = {scan[1]}
for _, name in ipairs(scan[2]) do
  local members = redis.call('HLEN', tag .. 'p:' .. name)
  if members > 0 then
    answer[#answer + 1] = name
    answer[#answer + 1] = members
  end
end
return answer
