#!lua flags=allow-oom
-- The positions of the newest publications of groups. As every watched group is asked for now and then, this is also
-- where the messages of a group that has fallen silent are let go.
--
-- KEYS[1] fence
-- KEYS[2...] meta of each group
-- ARGV[1] generation
-- ARGV[2] ms an empty group stays at least
-- ARGV[3] 6 random bytes to make groups with that do not exist, or empty not to make any
-- ARGV[4] policy of groups that are made
-- Returns per group a position (20 bytes), or nothing for one that does not exist.
local generation, idle = ARGV[1], tonumber(ARGV[2])
--@include clock
--@include lease
--@include group
local refusal = refused(KEYS[1], generation, '')
if refusal then
  return refusal
end

local function head(meta_key)
  local meta = redis.call('GET', meta_key)
  if meta and string.sub(meta, 1, 8) == generation then
    if string.byte(meta, 76) >= SILENT or now - struct.unpack('>I6', meta, 27) <= REPAIR_AGE then
      return string.sub(meta, 1, 20)
    end
  end
  local m = open(meta_key)
  if not m then
    if ARGV[3] == '' then
      return ''
    end
    m = open(meta_key, ARGV[3], ARGV[4])
  end
  if not has(m, SILENT) and now - m.ts > keep_age(m) then
    keep_newest(m, 1)
    m.flags = m.flags + SILENT
    m.changed = true
  end
  if m.changed then
    save(m)
  end
  return position(m)
end

local answer = {}
for i = 2, #KEYS do
  answer[#answer + 1] = head(KEYS[i])
end
return answer
