#!lua
-- Registers connections of a node, replacing records of the same ids (R04).
--
-- KEYS[1] fence
-- KEYS[2] holdings of the node: hash, connection id -> names of the groups it is in, each after its length (1 byte)
-- KEYS[3] connections: hash, connection id -> owner (16), length of the user (2), user, record
-- KEYS[4] users: sorted set of length of the user (2), user, connection id
-- ARGV[1] generation
-- ARGV[2] owner
-- ARGV[3...] per connection: its id, '+' and the user or '-' for none, record
-- Returns OK.
--@include lease
local refusal = refused(KEYS[1], ARGV[1], ARGV[2])
if refusal then
  return refusal
end
for i = 3, #ARGV, 3 do
  local id, record = ARGV[i], ARGV[i + 2]
  local named = string.sub(ARGV[i + 1], 1, 1) == '+'
  local user = string.sub(ARGV[i + 1], 2)
  local old = redis.call('HGET', KEYS[3], id)
  if old then
    local length = struct.unpack('>I2', old, 17)
    redis.call('ZREM', KEYS[4], string.sub(old, 17, 18 + length) .. id)
  end
  local prefix = struct.pack('>I2', #user) .. user
  redis.call('HSET', KEYS[3], id, ARGV[2] .. prefix .. record)
  if named then
    redis.call('ZADD', KEYS[4], 0, prefix .. id)
  end
  redis.call('HSETNX', KEYS[2], id, '')
end
return redis.status_reply('OK')
