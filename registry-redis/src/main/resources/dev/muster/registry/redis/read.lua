#!lua flags=allow-oom
-- The publications of a group after a position, messages and membership changes merged (R09, R16).
--
-- KEYS[1] fence
-- KEYS[2] meta of the group
-- ARGV[1] generation
-- ARGV[2] ms an empty group stays at least
-- ARGV[3] epoch of the position (14 bytes)
-- ARGV[4] offset of the position
-- ARGV[5] most publications
-- Returns C with head, how far the answer reaches, 1 or 0 whether all messages, whether all membership changes are there,
-- and the entries; A (ahead) or E (epoch not continued) with head; or N if there is no such group.
local generation, idle = ARGV[1], tonumber(ARGV[2])
--@include clock
--@include lease
--@include group
local refusal = refused(KEYS[1], generation, '')
if refusal then
  return refusal
end
local after, limit = tonumber(ARGV[4]), tonumber(ARGV[5])

local function offset_of(entry)
  return (struct.unpack('>I6', entry, 16))
end

-- Whether the log goes on from the position. One beyond what survived of its epoch proves a loss, which every later
-- crossing of that boundary is then told of.
local function continues(m)
  if ARGV[3] == epoch_of(m) then
    return after > m.offset and 'A' or 'C'
  end
  if string.sub(ARGV[3], 9) ~= m.creation then
    return 'E'
  end
  local lossy = false
  for at = #m.past - BOUNDARY_BYTES + 1, 1, -BOUNDARY_BYTES do
    local of, last, lost = struct.unpack(BOUNDARY, m.past, at)
    lossy = lossy or lost == 1
    if of == string.sub(ARGV[3], 1, 8) then
      if after > last and lost == 0 then
        m.past = string.sub(m.past, 1, at - 1) .. struct.pack(BOUNDARY, of, last, 1)
          .. string.sub(m.past, at + BOUNDARY_BYTES)
        m.changed = true
      end
      return (lossy or after > last) and 'E' or 'C'
    end
  end
  return 'E'
end

-- Whether the log goes on as far back as an entry: `kept` judges by its rank from the newest, 1, and its age.
local function fits(entry, rank, kept)
  local offset, _, time = struct.unpack('>I6I6I6', entry, 16)
  return offset > after and kept(rank, now - time)
end

-- Index of the first entry that fits, from index `low` on; `length` if there is none.
local function search(log, low, length, kept)
  local high = length
  while low < high do
    local middle = math.floor((low + high) / 2)
    if fits(redis.call('LINDEX', log, middle), length - middle, kept) then
      high = middle
    else
      low = middle + 1
    end
  end
  return low
end

-- The first entries after the position that are kept, one more than the limit, and whether none is missing before.
local function entries_after(log, newest, kept)
  if newest <= after then
    return {}, true
  end
  local length = redis.call('LLEN', log)
  -- Offsets are dense over both logs, so no more entries than this can lie after the position.
  local start = math.max(0, length - (newest - after))
  if start < length and not fits(redis.call('LINDEX', log, start), length - start, kept) then
    start = search(log, start, length, kept)
  end
  local found = redis.call('LRANGE', log, start, start + limit)
  if #found == 0 then
    return found, false
  end
  local _, before = struct.unpack('>I6I6', found[1], 16)
  return found, before <= after
end

local m = open(KEYS[2])
if not m then
  return {'N'}
end
local verdict = continues(m)
if m.changed then
  save(m)
end
if verdict ~= 'C' then
  return {verdict, position(m)}
end
local messages, all_messages = entries_after(sibling(m, 'l'), m.msg, function(rank, age)
  -- What a joiner may ask for, and what feeds need to close gaps, each bounded for itself.
  return rank == 1 or rank <= m.history and age <= m.age or rank <= m.repair and age <= m.repair_age
end)
local changes, all_changes = entries_after(sibling(m, 'x'), m.mem, function(rank, age)
  return rank <= MEMBERSHIP_CHANGES and age <= MEMBERSHIP_AGE
end)
local answer = {'C', position(m), position(m), all_messages and 1 or 0, all_changes and 1 or 0}
local i, j = 1, 1
while i <= #messages or j <= #changes do
  if #answer - 5 == limit then
    answer[3] = string.sub(answer[#answer], 2, 21)
    break
  end
  if j > #changes or i <= #messages and offset_of(messages[i]) < offset_of(changes[j]) then
    answer[#answer + 1] = messages[i]
    i = i + 1
  else
    answer[#answer + 1] = changes[j]
    j = j + 1
  end
end
return answer
