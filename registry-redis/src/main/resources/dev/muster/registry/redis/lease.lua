-- Shared: refuses who does not know the data's generation, or has no lease in it. An empty owner needs no lease. A lease
-- is when it ends (6 bytes), the generation its holder knows (8), and the node id.
local function refused(fence, generation, owner)
  if owner ~= '' then
    local lease = redis.call('HGET', fence, 'l:' .. owner)
    if lease and string.sub(lease, 7, 14) == generation then
      return nil
    end
    if not lease and redis.call('HGET', fence, 'gen') == generation then
      return redis.error_reply('FENCED the lease of this node has ended')
    end
  elseif redis.call('HGET', fence, 'gen') == generation then
    return nil
  end
  return redis.error_reply('STALE the server was restarted or lost data since this node came in')
end
