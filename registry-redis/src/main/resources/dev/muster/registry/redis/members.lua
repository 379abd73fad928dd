#!lua flags=allow-oom
-- A page of a group's members in the order they joined.
--
-- KEYS[1] fence
-- KEYS[2] meta of the group
-- ARGV[1] generation
-- ARGV[2] ms an empty group stays at least
-- ARGV[3] number of the join after which the page begins
-- ARGV[4] most members
-- Returns the number of the page's last join, or -1 if this is the last page, then of each member its id, and its
-- incarnation (8 bytes) and record in one.
local generation, idle = ARGV[1], tonumber(ARGV[2])
--@include clock
--@include lease
--@include group
local refusal = refused(KEYS[1], generation, '')
if refusal then
  return refusal
end
local SORTED_AT_ONCE = 256
local after, limit = tonumber(ARGV[3]), tonumber(ARGV[4])
local members = tag .. 'p' .. string.sub(KEYS[2], #tag + 2)
local page = {}
local m = open(KEYS[2])
if m and redis.call('HLEN', members) > SORTED_AT_ONCE then
  -- A large group gets an index of its order the first time somebody asks; join and leave then keep it.
  local order = sibling(m, 'o')
  if not has(m, ORDERED) then
    local all = redis.call('HGETALL', members)
    for i = 1, #all, 2 do
      redis.call('ZADD', order, struct.unpack('>I4', all[i + 1]), all[i])
    end
    m.flags = m.flags + ORDERED
    save(m)
  end
  local ids = redis.call('ZRANGEBYSCORE', order, '(' .. ARGV[3], '+inf', 'LIMIT', 0, limit + 1)
  for _, id in ipairs(ids) do
    local member = redis.call('HGET', members, id)
    page[#page + 1] = {struct.unpack('>I4', member), id, member}
  end
else
  local all = redis.call('HGETALL', members)
  for i = 1, #all, 2 do
    local number = struct.unpack('>I4', all[i + 1])
    if number > after then
      page[#page + 1] = {number, all[i], all[i + 1]}
    end
  end
  table.sort(page, function(one, other)
    return one[1] < other[1]
  end)
end
local answer = {-1}
for i = 1, math.min(limit, #page) do
  answer[#answer + 1] = page[i][2]
  answer[#answer + 1] = string.sub(page[i][3], 11)
end
if #page > limit then
  answer[1] = page[limit][1]
end
return answer
