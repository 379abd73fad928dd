-- Shared: the server's time, in ms. Node clocks are never used.
local parts = redis.call('TIME')
local now = parts[1] * 1000 + math.floor(parts[2] / 1000)
