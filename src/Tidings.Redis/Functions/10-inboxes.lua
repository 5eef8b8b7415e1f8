-- Inboxes and presence. docs/formats-redis.md draws the header and both layouts.

local HEADER, CAP = 40, 1000
local NONE, OPENING, READY = 0, 1, 2
local DORMANT_SECONDS, ONLINE_SECONDS, STEP_SECONDS = 14 * 24 * 60 * 60, 5 * 60, 15
local LOST = '\1'
-- The header after the time: while a library is loaded Lua's own functions aren't there.
local NO_INBOX = '\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0'

local packed, sorted = {}, {}

-- Layout "packed": one string, the header and then the ids, rising. The header ends with the number 0, so the last 8 bytes are the newest id always.

function packed.head(key) return key end

function packed.expire(key, seconds) redis.call('EXPIRE', key, seconds) end

function packed.reset(key, head) redis.call('SET', key, head, 'KEEPTTL') end

function packed.trim(key, length)
  if length < HEADER + 16 * CAP then return end
  local head = redis.call('GETRANGE', key, 0, HEADER - 1)
  redis.call('SET', key, head:sub(1, 5) .. LOST .. head:sub(7) .. redis.call('GETRANGE', key, -8 * CAP, -1), 'KEEPTTL')
end

function packed.insert(key, id)
  local all = redis.call('GETRANGE', key, HEADER, -1)
  local low, high = 0, #all / 8
  while low < high do
    local middle = math.floor((low + high) / 2)
    if greater(id, all:sub(middle * 8 + 1, middle * 8 + 8)) then low = middle + 1 else high = middle end
  end
  if all:sub(low * 8 + 1, low * 8 + 8) == id then return false end
  if #all / 8 - low >= CAP then
    redis.call('SETRANGE', key, 5, LOST)
    return false
  end
  local head = redis.call('GETRANGE', key, 0, HEADER - 1)
  redis.call('SET', key, head .. all:sub(1, low * 8) .. id .. all:sub(low * 8 + 1), 'KEEPTTL')
  packed.trim(key, HEADER + #all + 8)
  return true
end

function packed.add(key, id)
  local newest = redis.call('GETRANGE', key, -8, -1)
  if newest == id then return false end
  if not greater(id, newest) then return packed.insert(key, id) end
  packed.trim(key, redis.call('APPEND', key, id))
  return true
end

function packed.newest(key, room)
  local total = (redis.call('STRLEN', key) - HEADER) / 8
  if total == 0 or room == 0 then return '', total end
  return redis.call('GETRANGE', key, -8 * math.min(room, total), -1), total
end

-- Merges two rows of ids, both rising, each id once.
local function merge(a, b)
  if #a == 0 or #b == 0 then return a .. b end
  if greater(a:sub(1, 8), b:sub(-8)) then return b .. a end
  local into, i, j = {}, 1, 1
  while i <= #a or j <= #b do
    local x, y = a:sub(i, i + 7), b:sub(j, j + 7)
    local take_x = y == '' or (x ~= '' and not greater(x, y))
    if x == y then j = j + 8 end
    if take_x then
      into[#into + 1], i = x, i + 8
    else
      into[#into + 1], j = y, j + 8
    end
  end
  return table.concat(into)
end

function packed.fill(key, head, ids, lost)
  local all = merge(redis.call('GETRANGE', key, HEADER, -1), ids)
  if #all > 8 * CAP then
    all, lost = all:sub(-8 * CAP), LOST
  end
  if head:sub(6, 6) == LOST then lost = LOST end
  redis.call('SET', key, head:sub(1, 4) .. string.char(READY) .. lost .. head:sub(7) .. all, 'KEEPTTL')
end

-- Layout "sorted": the header is a string, the ids are members of a sorted set, scored by their milliseconds.

function sorted.head(key) return key .. ':head' end

function sorted.expire(key, seconds)
  redis.call('EXPIRE', sorted.head(key), seconds)
  redis.call('EXPIRE', key, seconds)
end

function sorted.reset(key, head)
  redis.call('SET', sorted.head(key), head, 'KEEPTTL')
  redis.call('UNLINK', key)
end

function sorted.trim(key)
  local over = redis.call('ZREMRANGEBYRANK', key, 0, -CAP - 1) > 0
  if over then redis.call('SETRANGE', sorted.head(key), 5, LOST) end
  return over
end

-- A set that begins lives as long as its header.
function sorted.age(key)
  if redis.call('TTL', key) ~= -1 then return end
  local left = redis.call('TTL', sorted.head(key))
  if left > 0 then redis.call('EXPIRE', key, left) end
end

-- An id's upper 41 bits are its milliseconds.
local function score(id)
  local high, low = struct.unpack('>I4I4', id)
  return string.format('%.0f', high * 1024 + math.floor(low / 4194304))
end

function sorted.add(key, id)
  if redis.call('ZADD', key, score(id), id) == 0 then return false end
  sorted.age(key)
  return not sorted.trim(key) or redis.call('ZSCORE', key, id) ~= false
end

function sorted.newest(key, room)
  local ids = room == 0 and {} or redis.call('ZREVRANGE', key, 0, room - 1)
  local rising = {}
  for i = 1, #ids do rising[i] = ids[#ids - i + 1] end
  return table.concat(rising), redis.call('ZCARD', key)
end

function sorted.fill(key, head, ids, lost)
  for i = 1, #ids, 8 do redis.call('ZADD', key, score(ids:sub(i, i + 7)), ids:sub(i, i + 7)) end
  if head:sub(6, 6) == LOST then lost = LOST end
  redis.call('SETRANGE', sorted.head(key), 4, string.char(READY) .. lost)
  sorted.age(key)
  sorted.trim(key)
end

local function header(layout, key)
  return redis.call('GETRANGE', layout.head(key), 0, HEADER - 1)
end

local function seen(head)
  if #head < HEADER then return 0 end
  return (struct.unpack('>I4', head))
end

-- Whether there is an inbox that this history has seen whole.
local function is_kept(head, now_history)
  return #head == HEADER and head:byte(5) ~= NONE and head:sub(17, 32) == now_history
end

local function is_ready(head)
  return #head == HEADER and head:byte(5) == READY and head:sub(17, 32) == history()
end

-- Notes that the reader is here, and gives the header. Whoever was dormant has no inbox: fan-out has passed it by.
local function touch(layout, key, now, lifetime)
  local head = header(layout, key)
  local before = seen(head)
  if now - before > DORMANT_SECONDS then
    head = struct.pack('>I4', now) .. NO_INBOX
    layout.reset(key, head)
    layout.expire(key, lifetime)
  elseif now - before >= STEP_SECONDS then
    redis.call('SETRANGE', layout.head(key), 0, struct.pack('>I4', now))
    layout.expire(key, lifetime)
  end
  return head
end

local function answer(layout, key, head, room)
  local ids, total = layout.newest(key, math.min(room, CAP))
  local whole = head:sub(6, 6) ~= LOST and #ids == 8 * total
  return {whole and 1 or 0, ids}
end

-- The functions, the same for both layouts. Those that take any number of readers have their keys among the arguments: the keys of a call have to be of one
-- slot, these only of one server.

local function register_all(name, layout)
  register(name .. '_seen', function(keys, args)
    touch(layout, keys[1], tonumber(args[1]), tonumber(args[2]))
  end)

  register(name .. '_read', function(keys, args)
    local head = touch(layout, keys[1], tonumber(args[1]), tonumber(args[2]))
    return is_ready(head) and answer(layout, keys[1], head, tonumber(args[3]))
  end)

  register(name .. '_peek', function(keys, args)
    local head = header(layout, keys[1])
    return is_ready(head) and tonumber(args[1]) - seen(head) <= DORMANT_SECONDS and answer(layout, keys[1], head, tonumber(args[2]))
  end)

  register(name .. '_open', function(keys, args)
    local head, now_history = touch(layout, keys[1], tonumber(args[1]), tonumber(args[2])), history()
    if not is_kept(head, now_history) then
      head = head:sub(1, 4) .. string.char(OPENING) .. '\0\0\0' .. args[3] .. now_history .. string.rep('\0', 8)
      layout.reset(keys[1], head)
    end
    return head:sub(9, 16)
  end)

  register(name .. '_fill', function(keys, args)
    local head = header(layout, keys[1])
    if not is_kept(head, history()) or head:sub(9, 16) ~= args[1] then return 0 end
    layout.fill(keys[1], head, args[2], args[3])
    return 1
  end)

  register(name .. '_deliver', function(_, args)
    local id, now_history, taken = args[1], history(), 0
    for i = 2, #args do
      if is_kept(header(layout, args[i]), now_history) and layout.add(args[i], id) then taken = taken + 1 end
    end
    return taken
  end, CROSS)

  register(name .. '_drop', function(_, args)
    for i = 1, #args do
      local head = header(layout, args[i])
      if #head == HEADER and head:byte(5) ~= NONE then layout.reset(args[i], head:sub(1, 4) .. NO_INBOX) end
    end
  end, CROSS)

  register(name .. '_classify', function(_, args)
    local now, into = tonumber(args[1]), {}
    for i = 2, #args do
      local away = now - seen(header(layout, args[i]))
      into[i - 1] = away <= ONLINE_SECONDS and '2' or away <= DORMANT_SECONDS and '1' or '0'
    end
    return table.concat(into)
  end, CROSS)

  register(name .. '_retire', function(_, args)
    local before, retired = tonumber(args[1]), 0
    for i = 2, #args do
      local head = header(layout, args[i])
      if #head == HEADER and head:byte(5) ~= NONE and seen(head) < before then
        layout.reset(args[i], head:sub(1, 4) .. NO_INBOX)
        retired = retired + 1
      end
    end
    return retired
  end, CROSS)
end

register_all('packed', packed)
register_all('sorted', sorted)
