-- What all functions share. The file that is loaded begins with the library's name and with NAME_END, which ends the name of each function, so
-- that programs of two versions can use one cluster.

local CROSS = {'allow-cross-slot-keys'}

local function register(name, callback, flags)
  redis.register_function{function_name = name .. NAME_END, callback = callback, flags = flags or {}}
end

-- The history of this server's data: the first 16 digits of its replication id. A replica that is promoted begins another one, and so does a server
-- that is started again. Asked for once a second: between two times of being a primary lies more than that.
local known_history, known_second

local function history()
  local second = redis.call('TIME')[1]
  if second ~= known_second then
    known_history = string.match(redis.call('INFO', 'replication'), 'master_replid:(%x%x%x%x%x%x%x%x%x%x%x%x%x%x%x%x)')
    known_second = second
  end
  return known_history
end

-- What is written from here on stays on this server: for what counts as lost anyway once another server takes over.
local function keep_here()
  redis.set_repl(redis.REPL_NONE)
end

local function replicate()
  redis.set_repl(redis.REPL_ALL)
end

-- Whether one 8-byte number is greater than another. Lua's own order of strings is the locale's, and its numbers end at 2^53.
local function greater(a, b)
  local a_high, a_low = struct.unpack('>I4I4', a)
  local b_high, b_low = struct.unpack('>I4I4', b)
  return a_high > b_high or (a_high == b_high and a_low > b_low)
end
