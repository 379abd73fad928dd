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
local SLACK = 16
local IDS_KEPT = 20000
local refusal = refused(KEYS[1], generation, ARGV[3])
if refusal then
  return refusal
end

-- Lets the oldest messages go that are neither wanted nor needed to close gaps. Returns the bytes before the rest.
local function trim(log, length, keep, repair, total, most_bytes)
  local function before(index)
    return (struct.unpack('>I6', redis.call('LINDEX', log, index), 34))
  end
  local low = math.max(0, length - keep)
  local high = math.max(low, length - repair)
  while low < high do
    local middle = math.floor((low + high) / 2)
    if total - before(middle) <= most_bytes then
      high = middle
    else
      low = middle + 1
    end
  end
  redis.call('LTRIM', log, low, -1)
  return before(0)
end

-- One message for all of a group's entries.
local function frame_of(entries)
  if #entries == 1 then
    return entries[1]
  end
  local parts = {'\2'}
  for i, entry in ipairs(entries) do
    parts[2 * i] = struct.pack('>I4', #entry)
    parts[2 * i + 1] = entry
  end
  return table.concat(parts)
end

-- What a publish may need, made only when one does need it: it costs as much as the shortcut below does in all.
local function full()
--@include group

  local function append(m, length, body)
    m.offset = m.offset + 1
    local entry = struct.pack(ENTRY, '\1', m.generation, m.creation, m.offset, m.msg, now, m.total) .. body
    m.msg = m.offset
    m.ts = now
    m.flags = m.flags - (has(m, SILENT) and SILENT or 0)
    m.total = m.total + length
    return entry
  end

  -- Writes what was appended: first the log, then the state, then the word to the nodes, all of it in one message.
  local function commit(m, entries)
    if #entries == 0 then
      if m.changed then
        save(m)
      end
      return
    end
    local log = sibling(m, 'l')
    local length = redis.call('RPUSH', log, unpack(entries))
    if length == #entries then
      m.base = struct.unpack('>I6', entries[1], 34)
    elseif length > m.keep + SLACK or m.total - m.base > m.most_bytes then
      m.base = trim(log, length, m.keep, m.repair, m.total, m.most_bytes)
    end
    save(m)
    redis.call('PUBLISH', m.key, frame_of(entries))
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
    local entries, results = {}, {'R'}
    local start = struct.pack('>c8c6I6', m.generation, m.creation, m.offset + 1)
    for i = 0, number - 1 do
      local length = struct.unpack('>I4', spec, 15 + 4 * i)
      if heads and #ARGV[first + 2 * i] > 0 then
        results[#results + 1] = with_head(m, ARGV[first + 2 * i], length, ARGV[first + 2 * i + 1], entries)
      else
        entries[#entries + 1] = append(m, length, ARGV[heads and first + 2 * i + 1 or first + i])
        results[#results + 1] = heads and 'A' .. position(m) or nil
      end
    end
    commit(m, entries)
    return heads and table.concat(results) or 'P' .. start
  end

  return publish
end

local call, pack, unpack_bytes, sub, byte = redis.pcall, struct.pack, struct.unpack, string.sub, string.byte
local tag_bytes = #KEYS[1]

-- Publishes to a group that is there and has members, as nearly all have. Nil if it is another.
local function shortcut(key, spec, first, number)
  local meta = call('GET', key)
  if type(meta) ~= 'string' or sub(meta, 1, 8) ~= generation or sub(meta, 63, 75) ~= sub(spec, 1, 13)
    or byte(meta, 76) >= 2 or sub(meta, 55, 58) == '\0\0\0\0' then
    return nil
  end
  local offset, last, _, total, base = unpack_bytes('>I6I6I6I6I6', meta, 15)
  local epoch = sub(meta, 1, 14)
  local answer = 'P' .. epoch .. pack('>I6', offset + 1)
  local log = sub(key, 1, tag_bytes - 1) .. 'l' .. sub(key, tag_bytes + 1)
  local entries, frame = nil, nil
  local length
  if number == 1 then
    frame = '\1' .. epoch .. pack('>I6I6I6I6', offset + 1, last, now, total) .. ARGV[first]
    last = offset + 1
    total = total + unpack_bytes('>I4', spec, 15)
    length = call('RPUSH', log, frame)
  else
    entries = {}
    for i = 1, number do
      entries[i] = '\1' .. epoch .. pack('>I6I6I6I6', offset + i, last, now, total) .. ARGV[first + i - 1]
      last = offset + i
      total = total + unpack_bytes('>I4', spec, 11 + 4 * i)
    end
    frame = frame_of(entries)
    length = call('RPUSH', log, unpack(entries))
  end
  if type(length) ~= 'number' then
    return 'E' .. length.err
  end
  local history, _, most_bytes = unpack_bytes('>I4I4I4', spec)
  local keep = history > 64 and history or 64
  if length == number then
    base = unpack_bytes('>I6', frame, number == 1 and 34 or 39)
  elseif length > keep + SLACK or total - base > most_bytes then
    base = trim(log, length, keep, 64, total, most_bytes)
  end
  call('SETRANGE', key, 14, pack('>I6I6I6I6I6', last, last, now, total, base))
  call('PUBLISH', key, frame)
  return answer
end

local answer = {}
local at = 6
local publish
for i = 2, #KEYS do
  local spec = ARGV[at]
  local number, heads = (#spec - 14) / 4, byte(spec, 14) == 1
  local result = not heads and shortcut(KEYS[i], spec, at + 1, number)
  if not result then
    publish = publish or full()
    local done, outcome = pcall(publish, KEYS[i], spec, at + 1, number, heads)
    result = done and outcome or 'E' .. (type(outcome) == 'table' and outcome.err or tostring(outcome))
  end
  answer[i - 1] = result
  at = at + 1 + number * (heads and 2 or 1)
end
return answer
