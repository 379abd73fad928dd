-- Shared: refuses who does not know the server's generation, or has no lease in it. An empty owner needs no lease.
local function refused(fence, generation, owner)
  if owner == '' then
    if redis.call('HGET', fence, 'gen') ~= generation then
      return redis.error_reply('STALE the server was restarted or lost data since this node came in')
    end
    return nil
  end
  local state = redis.call('HMGET', fence, 'gen', 'l:' .. owner)
  if state[1] ~= generation then
    return redis.error_reply('STALE the server was restarted or lost data since this node came in')
  end
  if not state[2] then
    return redis.error_reply('FENCED the lease of this node has ended')
  end
  return nil
end
