-- The newest posts of authors who are pulled, as packed inboxes that everybody reads: the same header, the same cap, the same names.

register('timeline_read', function(_, args)
  local into = {}
  for i = 1, #args do into[i] = answer(packed, inbox(args[i]), CAP) end
  return into
end, CROSS)

register('timeline_open', function(keys, args)
  keep_here()
  return open(packed, inbox(keys[1]), args[1], args[2])
end)

register('timeline_fill', function(keys, args)
  keep_here()
  local key = inbox(keys[1])
  local head = opened(packed, key, args[1])
  if not head then return 0 end
  packed.fill(key, head, args[2], args[3])
  return 1
end)

register('timeline_add', function(keys, args)
  keep_here()
  return packed.add(inbox(keys[1]), args[1])
end)
