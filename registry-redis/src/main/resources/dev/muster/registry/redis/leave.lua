#!lua flags=allow-oom
-- Ends memberships that belong to an owner. That the delete found one is the only right to say LEFT, so however many
-- nodes sweep a dead one, each membership ends once (R20).
--
-- KEYS[1] fence
-- KEYS[2] holdings of the owner
-- KEYS[3] groups
-- KEYS[4...] meta of each group
-- ARGV[1] generation
-- ARGV[2] ms an empty group stays at least
-- ARGV[3] owner that asks, empty for one that has retired
-- ARGV[4] incarnation (8 bytes) the memberships belong to
-- ARGV[5] 6 random bytes, for a group that lost its meta
-- ARGV[6] policy, for a group that lost its meta
-- ARGV[7...] per group: connection id
-- Returns per group 1 if it was a member, 0 if not, or why it could not be told. One that fails does not stop the others.
local generation, idle = ARGV[1], tonumber(ARGV[2])
--@include clock
--@include lease
--@include group
local refusal = refused(KEYS[1], generation, ARGV[3])
if refusal then
  return refusal
end

local function let_go(id, group)
  local token = string.char(#group) .. group
  local held = redis.call('HGET', KEYS[2], id) or ''
  local at = 1
  while at <= #held do
    local length = string.byte(held, at)
    if string.sub(held, at, at + length) == token then
      redis.call('HSET', KEYS[2], id, string.sub(held, 1, at - 1) .. string.sub(held, at + 1 + length))
      return
    end
    at = at + 1 + length
  end
end

local function leave(meta_key, id)
  let_go(id, name_of(meta_key))
  local members = tag .. 'p' .. string.sub(meta_key, #tag + 2)
  local present = redis.call('HGET', members, id)
  if not present or string.sub(present, 11, 18) ~= ARGV[4] then
    return 0
  end
  redis.call('HDEL', members, id)
  local m = open(meta_key) or open(meta_key, ARGV[5], ARGV[6])
  m.members = redis.call('HLEN', members)
  if has(m, ORDERED) then
    redis.call('ZREM', sibling(m, 'o'), id)
  end
  if m.members == 0 then
    redis.call('SREM', KEYS[3], name_of(meta_key))
    m.flags = m.flags - (has(m, ORDERED) and ORDERED or 0)
  end
  membership_event(m, '\4', id, string.sub(present, 11))
  if m.members == 0 then
    redis.call('PEXPIRE', sibling(m, 'x'), math.min(MEMBERSHIP_AGE, idle))
  end
  save(m)
  return 1
end

local answer = {}
for i = 4, #KEYS do
  local done, result = pcall(leave, KEYS[i], ARGV[7 + i - 4])
  answer[#answer + 1] = done and result or (type(result) == 'table' and result.err or tostring(result))
end
return answer
