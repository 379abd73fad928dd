#!lua
-- Makes connections members of groups (R04, R09, R12).
--
-- KEYS[1] fence
-- KEYS[2] holdings of the node
-- KEYS[3] groups: set of the names of those that have members
-- KEYS[4...] meta of each group
-- ARGV[1] generation
-- ARGV[2] ms an empty group stays at least
-- ARGV[3] owner
-- ARGV[4] 6 random bytes, for a group that does not exist yet
-- ARGV[5] 1 if new members are announced, 0 if they are only restored
-- ARGV[6] incarnation of the node (8 bytes)
-- ARGV[7...] per group: connection id, policy, record
-- Returns per group a status and a position (20 bytes): N new, S it was a member, T it was one of another owner; or E and
-- why not.
local generation, idle = ARGV[1], tonumber(ARGV[2])
--@include clock
--@include lease
--@include group
local refusal = refused(KEYS[1], generation, ARGV[3])
if refusal then
  return refusal
end

local function hold(id, group)
  local token = string.char(#group) .. group
  local held = redis.call('HGET', KEYS[2], id) or ''
  local at = 1
  while at <= #held do
    local length = string.byte(held, at)
    if string.sub(held, at, at + length) == token then
      return
    end
    at = at + 1 + length
  end
  redis.call('HSET', KEYS[2], id, held .. token)
end

local function join(meta_key, id, policy, record)
  local m = open(meta_key, ARGV[4], policy)
  local members = sibling(m, 'p')
  local present = redis.call('HGET', members, id)
  if present then
    local number, offset, owner = struct.unpack('>I4I6c8', present)
    local status = 'S'
    if owner ~= ARGV[6] then
      redis.call('HSET', members, id, struct.pack('>I4I6', number, offset) .. ARGV[6] .. record)
      hold(id, name_of(meta_key))
      status = 'T'
    end
    if m.changed then
      save(m)
    end
    return status .. epoch_of(m) .. struct.pack('>I6', offset)
  end
  local before = position(m)
  m.joins = m.joins + 1
  redis.call('HSET', members, id, struct.pack('>I4I6', m.joins, m.offset) .. ARGV[6] .. record)
  m.members = redis.call('HLEN', members)
  if m.members == 1 then
    redis.call('SADD', KEYS[3], name_of(meta_key))
    redis.call('PERSIST', sibling(m, 'l'))
  end
  if has(m, ORDERED) then
    redis.call('ZADD', sibling(m, 'o'), m.joins, id)
  end
  hold(id, name_of(meta_key))
  if ARGV[5] == '1' then
    membership_event(m, '\3', id, ARGV[6] .. record)
  end
  save(m)
  return 'N' .. before
end

local answer = {}
for i = 4, #KEYS do
  local at = 7 + (i - 4) * 3
  local done, result = pcall(join, KEYS[i], ARGV[at], ARGV[at + 1], ARGV[at + 2])
  answer[#answer + 1] = done and result or 'E' .. (type(result) == 'table' and result.err or tostring(result))
end
return answer
