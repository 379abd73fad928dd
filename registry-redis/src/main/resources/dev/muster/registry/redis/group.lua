-- Shared: a group's state ("meta") and what changes it. The including script sets `generation` and `idle` first.
--
-- A group's keys differ in one letter after the bucket's tag, which KEYS[1], the fence, begins with:
--   m meta   l log   x membership log   p members   o order of members   e entries   a b message ids
-- Its channel has the name of its meta key.
--
-- An entry of either log: kind (1 byte), epoch (8 bytes generation, 6 bytes creation), offset (6), offset of the
-- entry before it in the same log (6), time (6), bytes of all payloads before it (6), body. The body of a membership
-- change is length of the connection's id (1), id, the incarnation of its node (8), record.
--
-- A member is kept as number of its join (4), offset at its join (6), incarnation of its node (8), record.
--
-- A meta: epoch; offset, offset of the newest message, its time, bytes of all payloads so far, and of those before the
-- oldest message that is kept, which change with every publish, so that publish.lua writes them in place; offset of
-- the newest membership change, number of joins so far, members, second until which message ids are remembered, policy,
-- flags; and boundaries: generation, last offset that survived it, whether something after that is known to be lost.
local META = '>c8c6I6I6I6I6I6I6I4I4I4c13B'
local META_BYTES = 76
local ENTRY = '>c1c8c6I6I6I6I6'
local BOUNDARY = '>c8I6B'
local BOUNDARY_BYTES = 15
local EPOCHS_KEPT = 8
-- Flags: the order of members is kept, there are entries, only the newest message is left.
local ORDERED, ENTRIES, SILENT = 1, 2, 4
local MEMBERSHIP_CHANGES, MEMBERSHIP_AGE = 128, 60000
local REPAIR_MESSAGES, REPAIR_AGE = 64, 30000
local REPAIR_MESSAGES_WITH_ENTRIES, REPAIR_AGE_WITH_ENTRIES = 1000, 60000
local tag = string.sub(KEYS[1], 1, -2)

local function sibling(m, letter)
  return tag .. letter .. string.sub(m.key, #tag + 2)
end

local function name_of(meta_key)
  return string.sub(meta_key, #tag + 3)
end

local function has(m, flag)
  return m.flags % (flag * 2) >= flag
end

local function read_policy(m)
  m.history, m.age, m.most_bytes, m.events = struct.unpack('>I4I4I4B', m.policy)
  local entries = has(m, ENTRIES)
  m.repair = entries and REPAIR_MESSAGES_WITH_ENTRIES or REPAIR_MESSAGES
  m.repair_age = entries and REPAIR_AGE_WITH_ENTRIES or REPAIR_AGE
  m.keep = math.max(m.history, m.repair)
end

-- How old messages may be that are kept; the newest is kept however old.
local function keep_age(m)
  return math.max(m.age, m.repair_age)
end

local function from(meta_key, bytes)
  local generation, creation, offset, msg, ts, total, base, mem, joins, members, ids, policy, flags =
    struct.unpack(META, bytes)
  -- All fields at once: a table that grows field by field costs more than the rest of the script.
  return {
    key = meta_key, generation = generation, creation = creation, offset = offset, msg = msg, ts = ts, total = total,
    base = base, mem = mem, joins = joins, members = members, ids = ids, policy = policy, flags = flags,
    past = string.sub(bytes, META_BYTES + 1), changed = false, history = 0, age = 0, most_bytes = 0, events = 0,
    repair = 0, repair_age = 0, keep = 0
  }
end

-- The group at meta_key; nil if there is none and no creation (6 random bytes) is given to make one with.
local function open(meta_key, creation, policy)
  local bytes = redis.call('GET', meta_key)
  local m
  if bytes then
    m = from(meta_key, bytes)
    if m.generation ~= generation then
      -- The server may have lost data since: a new epoch begins, and what survived of the last one is noted (R16).
      m.past = string.sub(
        m.past .. struct.pack(BOUNDARY, m.generation, m.offset, 0), -EPOCHS_KEPT * BOUNDARY_BYTES)
      m.generation = generation
      m.changed = true
    end
    if policy and policy ~= m.policy then
      m.policy = policy
      m.changed = true
    end
  elseif creation then
    m = from(meta_key, struct.pack(META, generation, creation, 0, 0, 0, 0, 0, 0, 0, 0, 0, policy, 0))
    -- What an earlier group of this name left behind belongs to another epoch.
    redis.call('DEL', sibling(m, 'l'), sibling(m, 'x'), sibling(m, 'a'), sibling(m, 'b'), sibling(m, 'e'),
      sibling(m, 'o'))
    m.members = redis.call('HLEN', sibling(m, 'p'))
    m.changed = true
  else
    return nil
  end
  read_policy(m)
  return m
end

-- Without members and entries a group ends when nothing of it is of use any more, and not before `idle` (R08).
local function save(m)
  local bytes = struct.pack(META, m.generation, m.creation, m.offset, m.msg, m.ts, m.total, m.base, m.mem, m.joins,
    m.members, m.ids, m.policy, m.flags) .. m.past
  if m.members > 0 or has(m, ENTRIES) then
    redis.call('SET', m.key, bytes)
    return
  end
  local life = math.max(idle, m.ids * 1000 - now)
  if m.msg > 0 then
    life = math.max(life, m.ts + m.age - now)
    redis.call('PEXPIRE', sibling(m, 'l'), life)
  end
  redis.call('SET', m.key, bytes, 'PX', life)
end

local function epoch_of(m)
  return m.generation .. m.creation
end

local function position(m)
  return struct.pack('>c8c6I6', m.generation, m.creation, m.offset)
end

-- Lets the oldest messages go, so that `keep` are left, or none if there were fewer.
local function keep_newest(m, keep)
  local log = sibling(m, 'l')
  redis.call('LTRIM', log, -keep, -1)
  local oldest = redis.call('LINDEX', log, 0)
  m.base = oldest and struct.unpack('>I6', oldest, 34) or m.total
end

-- Appends and publishes JOINED or LEFT, if the group wants to be told (R09). The record has its incarnation in front.
local function membership_event(m, kind, id, record)
  if m.events == 0 then
    return
  end
  m.offset = m.offset + 1
  local entry = struct.pack(ENTRY, kind, m.generation, m.creation, m.offset, m.mem, now, 0)
    .. string.char(#id) .. id .. record
  m.mem = m.offset
  local log = sibling(m, 'x')
  if redis.call('RPUSH', log, entry) > MEMBERSHIP_CHANGES + 32 then
    redis.call('LTRIM', log, -MEMBERSHIP_CHANGES, -1)
  end
  redis.call('PEXPIRE', log, m.members > 0 and MEMBERSHIP_AGE or math.min(MEMBERSHIP_AGE, idle))
  redis.call('PUBLISH', m.key, entry)
end
