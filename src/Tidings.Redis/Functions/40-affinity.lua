-- Whom a reader cares for: a sorted set of people by their affinity as it is stored, which waiting doesn't change, and the header of a sorted inbox. Dropped
-- when the record's affinity has changed, filled from it when asked for.

local function is_filled(key)
  return header(sorted, key):sub(1, 1) == READY
end

register('affinity_scores', function(keys, args)
  local key = inbox(keys[1])
  return is_filled(key) and redis.call('ZMSCORE', key, unpack(args))
end)

register('affinity_top', function(keys, args)
  local key = inbox(keys[1])
  return is_filled(key) and redis.call('ZREVRANGEBYSCORE', key, '+inf', '(0', 'WITHSCORES', 'LIMIT', 0, args[1])
end)

register('affinity_open', function(keys, args)
  keep_here()
  return open(sorted, inbox(keys[1]), args[1], args[2])
end)

register('affinity_fill', function(keys, args)
  keep_here()
  local key = inbox(keys[1])
  if not opened(sorted, key, args[1]) then return 0 end
  if #args > 1 then redis.call('ZADD', key, unpack(args, 2)) end
  redis.call('SETRANGE', sorted.head(key), 0, READY)
  return 1
end)

register('affinity_drop', function(_, args)
  keep_here()
  for i = 1, #args do sorted.remove(inbox(args[i])) end
end, CROSS)
