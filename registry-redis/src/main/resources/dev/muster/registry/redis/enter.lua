#!lua flags=allow-oom
-- Takes or renews the lease of a node that comes in.
--
-- KEYS[1] fence
-- KEYS[2] buried: hash of the nodes that died lately, owner -> time (6 bytes), node id
-- ARGV[1] generation
-- ARGV[2] owner: the node's incarnation, 16 hexadecimal digits
-- ARGV[3] node id
-- ARGV[4] node name
-- ARGV[5] lease in ms
-- ARGV[6] what the channel of a node begins with; the owner follows
-- Returns NEW, ALIVE if the lease was there, FENCED if it has ended, or INUSE and the id of the node that has the name.
--@include clock
if redis.call('HGET', KEYS[1], 'gen') ~= ARGV[1] then
  return redis.error_reply('STALE the server was restarted or lost data since this node came in')
end
if redis.call('HEXISTS', KEYS[1], 'd:' .. ARGV[2]) == 1 or redis.call('HEXISTS', KEYS[2], ARGV[2]) == 1 then
  return {'FENCED'}
end
local found = 'NEW'
local fields = redis.call('HGETALL', KEYS[1])
for i = 1, #fields, 2 do
  if string.sub(fields[i], 1, 2) == 'l:' then
    local owner = string.sub(fields[i], 3)
    local ends = struct.unpack('>I6', fields[i + 1])
    local node = string.sub(fields[i + 1], 15)
    if owner == ARGV[2] then
      found = 'ALIVE'
    elseif string.match(node, '^(.*)~') == ARGV[4] then
      -- A process that died has closed its connections, so its name is free before its lease ends.
      if ends > now and redis.call('PUBLISH', ARGV[6] .. owner, '\9') > 0 then
        return {'INUSE', node}
      end
      redis.call('HDEL', KEYS[1], fields[i])
      redis.call('HSET', KEYS[1], 'd:' .. owner, node)
    end
  end
end
redis.call('HSET', KEYS[1], 'l:' .. ARGV[2], struct.pack('>I6c8', now + ARGV[5], ARGV[1]) .. ARGV[3])
return {found}
