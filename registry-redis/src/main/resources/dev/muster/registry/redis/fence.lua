#!lua flags=allow-oom
-- Establishes the generation of the data: a new one whenever the server process is another than the one that wrote
-- them, because then the newest of them may be lost. Run on every new command connection before anything else.
--
-- KEYS[1] fence: hash with run (run id of the server), gen, buckets, notbefore (until when no lease ends), swept (when
--         somebody last looked for dead nodes), claim (who sweeps), and per node l: and its lease or d: and its id, dying
-- ARGV[1] run id of the server that is being talked to
-- ARGV[2] 8 random bytes: the generation if a new one is needed
-- ARGV[3] lease in ms
-- ARGV[4] number of buckets if the namespace is new
-- Returns the generation and the number of buckets.
--@include clock
local state = redis.call('HMGET', KEYS[1], 'run', 'gen', 'buckets')
local generation, buckets = state[2], state[3]
if not buckets then
  buckets = ARGV[4]
  redis.call('HSET', KEYS[1], 'buckets', buckets)
end
if state[1] ~= ARGV[1] or not generation then
  generation = ARGV[2]
  -- Nobody could renew a lease while the server was away, so none ends before its holder had time to.
  redis.call('HSET', KEYS[1], 'run', ARGV[1], 'gen', generation, 'notbefore', now + ARGV[3])
end
return {generation, buckets}
