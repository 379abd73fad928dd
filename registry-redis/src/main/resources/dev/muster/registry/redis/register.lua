#!lua
-- Registers connections of a node, replacing records of the same ids (R04).
--
-- KEYS[1] fence
-- KEYS[2] holdings of the node: hash, connection id -> names of the groups it is in, each after its length (1 byte)
-- KEYS[3] connections: hash, connection id -> owner (16), length of the user (2), user, record
-- KEYS[4] users: sorted set of length of the user (2), user, connection id
-- ARGV[1] generation
-- ARGV[2] owner
-- ARGV[3] 1 if a connection that another live node registered meanwhile is left to it, 0 if it is taken over
-- ARGV[4...] per connection: its id, '+' and the user or '-' for none, record
-- Returns per connection 1, or 0 if it was left to another node.
--@include lease
local refusal = refused(KEYS[1], ARGV[1], ARGV[2])
if refusal then
  return refusal
end

local function register(id, user, record)
  local named = string.sub(user, 1, 1) == '+'
  user = string.sub(user, 2)
  local old = redis.call('HGET', KEYS[3], id)
  if old then
    local holder = string.sub(old, 1, 16)
    if ARGV[3] == '1' and holder ~= ARGV[2] and redis.call('HEXISTS', KEYS[1], 'l:' .. holder) == 1 then
      return 0
    end
    local length = struct.unpack('>I2', old, 17)
    redis.call('ZREM', KEYS[4], string.sub(old, 17, 18 + length) .. id)
  end
  local prefix = struct.pack('>I2', #user) .. user
  redis.call('HSET', KEYS[3], id, ARGV[2] .. prefix .. record)
  if named then
    redis.call('ZADD', KEYS[4], 0, prefix .. id)
  end
  redis.call('HSETNX', KEYS[2], id, '')
  return 1
end

local answer = {}
for i = 4, #ARGV, 3 do
  answer[#answer + 1] = register(ARGV[i], ARGV[i + 1], ARGV[i + 2])
end
return answer
