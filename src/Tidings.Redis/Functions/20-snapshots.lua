-- Snapshots of walks: a hash for each reader, its fields the snapshots' numbers, 8 bytes that rise with time, its values the ids in order. Named after the history,
-- like inboxes: a walk whose last page may not have been settled here begins again.

local function snapshots(key)
  return key .. ':' .. history()
end

register('snapshot_save', function(keys, args)
  keep_here()
  local key, id, room = snapshots(keys[1]), args[1], tonumber(args[4])
  if redis.call('HSETNX', key, id, args[2]) == 0 then return 0 end
  redis.call('PEXPIRE', key, args[3])
  local kept = redis.call('HKEYS', key)
  while #kept > room do
    local oldest = 1
    for i = 2, #kept do
      if greater(kept[oldest], kept[i]) then oldest = i end
    end
    redis.call('HDEL', key, table.remove(kept, oldest))
  end
  return 1
end)

register('snapshot_read', function(keys, args)
  return redis.call('HGET', snapshots(keys[1]), args[1])
end)

register('snapshot_settle', function(keys, args)
  keep_here()
  local key = snapshots(keys[1])
  local order, from, stretch = redis.call('HGET', key, args[1]), tonumber(args[2]) * 8, args[3]
  if not order or from + #stretch > #order then return 0 end
  redis.call('HSET', key, args[1], order:sub(1, from) .. stretch .. order:sub(from + #stretch + 1))
  return 1
end)
