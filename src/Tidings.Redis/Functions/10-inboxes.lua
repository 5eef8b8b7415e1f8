-- Inboxes and presence. docs/formats-redis.md draws the header and both layouts.

local HEADER, CAP = 24, 1000
local OPENING, READY, LOST = '\1', '\2', '\1'
local ZERO = '\0\0\0\0\0\0\0\0'
local DORMANT_SECONDS, ONLINE_SECONDS, STEP_SECONDS = 14 * 24 * 60 * 60, 5 * 60, 15

local packed, sorted = {}, {}

-- Layout "packed": one string, the header and then the ids, rising. The header ends with the number 0, so the last 8 bytes are the newest id always.

function packed.head(key) return key end

function packed.expire(key, seconds) redis.call('EXPIRE', key, seconds) end

function packed.begin(key, head, seconds) redis.call('SET', key, head, 'EX', seconds) end

function packed.remove(key) return redis.call('UNLINK', key) end

function packed.trim(key, length)
  if length < HEADER + 16 * CAP then return end
  local head = redis.call('GETRANGE', key, 0, HEADER - 1)
  redis.call('SET', key, head:sub(1, 1) .. LOST .. head:sub(3) .. redis.call('GETRANGE', key, -8 * CAP, -1), 'KEEPTTL')
end

-- Puts an id that is older than the newest in its place.
function packed.insert(key, id)
  local all = redis.call('GETRANGE', key, 0, -1)
  local low, high = 0, (#all - HEADER) / 8
  local count = high
  while low < high do
    local middle = math.floor((low + high) / 2)
    if greater(id, all:sub(HEADER + middle * 8 + 1, HEADER + middle * 8 + 8)) then low = middle + 1 else high = middle end
  end
  local at = HEADER + low * 8
  if all:sub(at + 1, at + 8) == id then return 0 end
  if count - low >= CAP then
    redis.call('SETRANGE', key, 1, LOST)
    return 0
  end
  redis.call('SET', key, all:sub(1, at) .. id .. all:sub(at + 1), 'KEEPTTL')
  packed.trim(key, #all + 8)
  return 1
end

function packed.add(key, id)
  local newest = redis.call('GETRANGE', key, -8, -1)
  if newest == '' or newest == id then return 0 end
  if not greater(id, newest) then return packed.insert(key, id) end
  packed.trim(key, redis.call('APPEND', key, id))
  return 1
end

-- Gives the newest ids, rising, and whether they are all that there are: then what stands before them is the header.
function packed.newest(key, head, room)
  local all = redis.call('GETRANGE', key, -8 * room - HEADER, -1)
  return all:sub(HEADER + 1), all:sub(1, HEADER) == head
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
  if head:sub(2, 2) == LOST then lost = LOST end
  redis.call('SET', key, READY .. lost .. head:sub(3) .. all, 'KEEPTTL')
end

-- Layout "sorted": the header is a string, the ids are members of a sorted set, scored by their milliseconds. The set has the number 0 as well, lowest of
-- all: where that is gone the set was evicted without its header, and there is no inbox.

function sorted.head(key) return key .. ':head' end

function sorted.expire(key, seconds)
  redis.call('EXPIRE', sorted.head(key), seconds)
  redis.call('EXPIRE', key, seconds)
end

function sorted.begin(key, head, seconds)
  redis.call('SET', sorted.head(key), head, 'EX', seconds)
  redis.call('UNLINK', key)
  redis.call('ZADD', key, 0, ZERO)
  redis.call('EXPIRE', key, seconds)
end

function sorted.remove(key)
  redis.call('UNLINK', key)
  return redis.call('UNLINK', sorted.head(key))
end

function sorted.trim(key)
  local over = redis.call('ZREMRANGEBYRANK', key, 1, -CAP - 1) > 0
  if over then redis.call('SETRANGE', sorted.head(key), 1, LOST) end
  return over
end

-- An id's upper 41 bits are its milliseconds.
local function score(id)
  local high, low = struct.unpack('>I4I4', id)
  return string.format('%.0f', high * 1024 + math.floor(low / 4194304))
end

function sorted.add(key, id)
  if redis.call('EXISTS', sorted.head(key), key) < 2 or redis.call('ZADD', key, score(id), id) == 0 then return 0 end
  if sorted.trim(key) and not redis.call('ZSCORE', key, id) then return 0 end
  return 1
end

function sorted.newest(key, _, room)
  local ids = redis.call('ZREVRANGE', key, 0, room)
  local all = ids[#ids] == ZERO
  local rising = {}
  for i = math.min(room, all and #ids - 1 or #ids), 1, -1 do rising[#rising + 1] = ids[i] end
  return table.concat(rising), all
end

function sorted.fill(key, head, ids, lost)
  for i = 1, #ids, 8 do redis.call('ZADD', key, score(ids:sub(i, i + 7)), ids:sub(i, i + 7)) end
  if head:sub(2, 2) == LOST then lost = LOST end
  redis.call('SETRANGE', sorted.head(key), 0, READY .. lost)
  sorted.trim(key)
end

function sorted.is_here(key)
  return redis.call('EXISTS', key) == 1
end

function packed.is_here()
  return true
end

-- An inbox is named after the history that has seen it whole: whoever takes over looks for another name, and finds nothing.
local function inbox(feed)
  return feed .. ':' .. history()
end

local function header(layout, key)
  local head = redis.call('GETRANGE', layout.head(key), 0, HEADER - 1)
  return layout.is_here(key) and head or ''
end

-- When a reader was last here, in seconds. Below 0 where their live connections don't know yet that nothing was told to them before that.
local function seen(key)
  return math.abs(tonumber(redis.call('GET', key) or 0))
end

-- Notes that the reader is here. Whoever was dormant, or has been forgotten, has no inbox: fan-out has passed it by. Gives 1 to the first sign of life of a live
-- connection after that: fan-out hasn't told it anything.
local function touch(layout, seen_key, key, now, lifetime, is_live)
  local noted = tonumber(redis.call('GET', seen_key) or 0)
  local away = now - math.abs(noted)
  local untold = noted < 0 or away > DORMANT_SECONDS
  if away < STEP_SECONDS and not (is_live and untold) then
    keep_here()
    return 0
  end
  redis.call('SET', seen_key, untold and not is_live and -now or now, 'EX', DORMANT_SECONDS)
  keep_here()
  if away > DORMANT_SECONDS then layout.remove(key) else layout.expire(key, lifetime) end
  return is_live and untold and 1 or 0
end

-- Begins to fill a key, unless that has begun or is done: gives the ticket of whoever began, or else the one that is offered.
local function open(layout, key, ticket, lifetime)
  local head = header(layout, key)
  if head ~= '' then return head:sub(9, 16) end
  layout.begin(key, OPENING .. '\0\0\0\0\0\0\0' .. ticket .. ZERO, lifetime)
  return ticket
end

-- The header of a key that may still be filled under this ticket, or nil.
local function opened(layout, key, ticket)
  local head = header(layout, key)
  return head:sub(9, 16) == ticket and head or nil
end

local function answer(layout, key, room)
  local head = header(layout, key)
  if head:sub(1, 1) ~= READY then return false end
  local ids, all = layout.newest(key, head, math.min(room, CAP))
  return {all and head:sub(2, 2) ~= LOST and 1 or 0, ids}
end

-- The functions, the same for both layouts. Those about one reader have two keys, seen and feed. Those that take any number of readers have their keys among
-- the arguments: the keys of a call have to be of one slot, these only of one server.

local function register_all(name, layout)
  register(name .. '_seen', function(keys, args)
    return touch(layout, keys[1], inbox(keys[2]), tonumber(args[1]), tonumber(args[2]), true)
  end)

  register(name .. '_read', function(keys, args)
    local key = inbox(keys[2])
    touch(layout, keys[1], key, tonumber(args[1]), tonumber(args[2]))
    return answer(layout, key, tonumber(args[3]))
  end)

  register(name .. '_peek', function(keys, args)
    return tonumber(args[1]) - seen(keys[1]) <= DORMANT_SECONDS and answer(layout, inbox(keys[2]), tonumber(args[2]))
  end)

  register(name .. '_open', function(keys, args)
    local key = inbox(keys[2])
    touch(layout, keys[1], key, tonumber(args[1]), tonumber(args[2]))
    return open(layout, key, args[3], args[2])
  end)

  register(name .. '_fill', function(keys, args)
    keep_here()
    local key = inbox(keys[2])
    local head = opened(layout, key, args[1])
    if not head then return 0 end
    layout.fill(key, head, args[2], args[3])
    return 1
  end)

  register(name .. '_deliver', function(_, args)
    keep_here()
    local id, name_end, taken = args[1], ':' .. history(), 0
    for i = 2, #args do taken = taken + layout.add(args[i] .. name_end, id) end
    return taken
  end, CROSS)

  register(name .. '_drop', function(_, args)
    keep_here()
    for i = 1, #args do layout.remove(inbox(args[i])) end
  end, CROSS)

  register(name .. '_retire', function(_, args)
    keep_here()
    local before, retired = tonumber(args[1]), 0
    for i = 2, #args, 2 do
      if seen(args[i]) < before then retired = retired + layout.remove(inbox(args[i + 1])) end
    end
    return retired
  end, CROSS)
end

register_all('packed', packed)
register_all('sorted', sorted)

register('classify', function(_, args)
  local now, into = tonumber(args[1]), {}
  for i = 2, #args do
    local away = now - seen(args[i])
    into[i - 1] = away <= ONLINE_SECONDS and '2' or away <= DORMANT_SECONDS and '1' or '0'
  end
  return table.concat(into)
end, CROSS)
