#!lua flags=allow-oom
-- The records of a user's connections in this bucket.
--
-- KEYS[1] connections
-- KEYS[2] users
-- ARGV[1] user
-- Returns of each connection its id and its value.
local prefix = struct.pack('>I2', #ARGV[1]) .. ARGV[1]
local found = redis.call('ZRANGEBYLEX', KEYS[2], '[' .. prefix, '(' .. prefix .. '\255')
local answer = {}
for _, member in ipairs(found) do
  local id = string.sub(member, #prefix + 1)
  local value = redis.call('HGET', KEYS[1], id)
  if value then
    answer[#answer + 1] = id
    answer[#answer + 1] = value
  end
end
return answer
