#!lua
-- Appends to the logs of groups and publishes, all that a node says in one tick at once (R11, R14, R17).
--
-- KEYS[1] fence
-- KEYS[2...] meta of each group
-- ARGV[1] generation
-- ARGV[2] ms an empty group stays at least
-- ARGV[3] owner
-- ARGV[4] 6 random bytes, for groups that do not exist yet
-- ARGV[5] ms a message id is remembered
-- ARGV[6...] per group: policy (13 bytes), 1 byte: 1 if heads are given, bytes of each payload (4 bytes each); then per
--         publication its head if given, and its body. A head is 1 byte flags (1 message id, 2 put, 4 remove,
--         8 expected revision, 16 entry must be absent) and what they announce: length (2) and message id and hash of the
--         draft (8); length (2) and key; revision (20)
-- Returns per group P and the position of the first (20 bytes); with heads R and per publication A accepted, D duplicate,
-- C (message id used with other content) or X (other revision) and a position; or E and why not.
local generation, idle = ARGV[1], tonumber(ARGV[2])
--@include clock
--@include lease
--@include group
local SLACK = 8
local IDS_KEPT = 20000
local refusal = refused(KEYS[1], generation, ARGV[3])
if refusal then
  return refusal
end

local function append(m, length, body)
  m.offset = m.offset + 1
  local entry = struct.pack(ENTRY, '\1', m.generation, m.creation, m.offset, m.msg, now, length) .. body
  m.msg = m.offset
  m.ts = now
  return entry
end

-- Writes what was appended: state first, then log, then the word to the nodes. One message carries all of it.
local function commit(m, entries, bytes)
  if #entries == 0 then
    if m.changed then
      save(m)
    end
    return
  end
  local log = sibling(m, 'l')
  m.count = redis.call('RPUSH', log, unpack(entries))
  m.bytes = (m.count > #entries and m.bytes or 0) + bytes
  if m.count > m.keep + SLACK then
    drop_oldest(m, m.count - m.keep)
  end
  while m.bytes > m.most_bytes and m.count > REPAIR_MESSAGES do
    drop_oldest(m, 1)
  end
  save(m)
  if #entries == 1 then
    redis.call('PUBLISH', m.key, entries[1])
  else
    local frame = {'\2'}
    for _, entry in ipairs(entries) do
      frame[#frame + 1] = struct.pack('>I4', #entry)
      frame[#frame + 1] = entry
    end
    redis.call('PUBLISH', m.key, table.concat(frame))
  end
end

-- The first position of a message id: in one of two hashes that take turns, so that old ids go without being counted.
local function remembered(m, id, remember)
  local turn = math.floor(now / remember) % 2 == 0
  local current, last = sibling(m, turn and 'a' or 'b'), sibling(m, turn and 'b' or 'a')
  return redis.call('HGET', current, id) or redis.call('HGET', last, id), current, last
end

local function remember_id(m, id, value, current, last, remember)
  if redis.call('HLEN', current) >= IDS_KEPT then
    redis.call('RENAME', current, last)
  end
  redis.call('HSET', current, id, value)
  redis.call('PEXPIRE', current, remember)
  m.ids = math.ceil((now + remember) / 1000)
end

local function with_head(m, head, length, body, entries)
  local flags, at = string.byte(head, 1), 2
  local id, hash, current, last
  local remember = tonumber(ARGV[5])
  if flags % 2 == 1 then
    local size = struct.unpack('>I2', head, at)
    id, hash = string.sub(head, at + 2, at + 1 + size), string.sub(head, at + 2 + size, at + 9 + size)
    at = at + 10 + size
    local first
    first, current, last = remembered(m, id, remember)
    if first then
      return (string.sub(first, 1, 8) == hash and 'D' or 'C') .. string.sub(first, 9)
    end
  end
  local put, remove = flags % 4 >= 2, flags % 8 >= 4
  local key
  if put or remove then
    local size = struct.unpack('>I2', head, at)
    key = string.sub(head, at + 2, at + 1 + size)
    at = at + 2 + size
    if flags >= 8 then
      local present = redis.call('HGET', sibling(m, 'e'), key)
      local revision = present and string.sub(present, 1, 20) or ''
      local expected = flags >= 16 and '' or string.sub(head, at, at + 19)
      if revision ~= expected then
        return 'X' .. position(m)
      end
    end
  end
  entries[#entries + 1] = append(m, length, body)
  local at_position = position(m)
  if put then
    redis.call('HSET', sibling(m, 'e'), key, at_position .. (length > 0 and string.sub(body, -length) or ''))
  elseif remove then
    redis.call('HDEL', sibling(m, 'e'), key)
  end
  if key then
    local filled = redis.call('EXISTS', sibling(m, 'e')) == 1
    if filled ~= has(m, ENTRIES) then
      m.flags = m.flags + (filled and ENTRIES or -ENTRIES)
      if filled then
        redis.call('PERSIST', sibling(m, 'l'))
      end
      read_policy(m)
    end
  end
  if id then
    remember_id(m, id, hash .. at_position, current, last, remember)
  end
  return 'A' .. at_position
end

local function publish(meta_key, spec, first, number, heads)
  local m = open(meta_key, ARGV[4], string.sub(spec, 1, 13))
  local entries, bytes, results = {}, 0, {'R'}
  local start = struct.pack('>c8c6I6', m.generation, m.creation, m.offset + 1)
  for i = 0, number - 1 do
    local length = struct.unpack('>I4', spec, 15 + 4 * i)
    if heads and #ARGV[first + 2 * i] > 0 then
      local appended = #entries
      results[#results + 1] = with_head(m, ARGV[first + 2 * i], length, ARGV[first + 2 * i + 1], entries)
      bytes = bytes + (#entries > appended and length or 0)
    else
      entries[#entries + 1] = append(m, length, ARGV[heads and first + 2 * i + 1 or first + i])
      bytes = bytes + length
      results[#results + 1] = heads and 'A' .. position(m) or nil
    end
  end
  commit(m, entries, bytes)
  return heads and table.concat(results) or 'P' .. start
end

local answer = {}
local at = 6
for i = 2, #KEYS do
  local spec = ARGV[at]
  local number, heads = (#spec - 14) / 4, string.byte(spec, 14) == 1
  local done, result = pcall(publish, KEYS[i], spec, at + 1, number, heads)
  answer[#answer + 1] = done and result or 'E' .. (type(result) == 'table' and result.err or tostring(result))
  at = at + 1 + number * (heads and 2 or 1)
end
return answer
