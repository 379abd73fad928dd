#!lua flags=allow-oom
-- Passes bytes to the node that holds a connection now (R19).
--
-- KEYS[1] connections
-- ARGV[1] what the channel of a node begins with; the owner follows
-- ARGV[2...] per message: connection id, frame
-- Returns per message how many links took it.
local answer = {}
for i = 2, #ARGV, 2 do
  local value = redis.call('HGET', KEYS[1], ARGV[i])
  answer[#answer + 1] = value and redis.call('PUBLISH', ARGV[1] .. string.sub(value, 1, 16), ARGV[i + 1]) or 0
end
return answer
