import { createHash } from 'node:crypto'

/** A Lua script, which Redis runs as one step. */
export type Script = Readonly<{ text: string; sha1: string }>

const script = (text: string): Script => ({ text, sha1: createHash('sha1').update(text).digest('hex') })

/**
 * An entry is `<version of its namespace> <release> <token>` (its tag), a line feed, and the payload. Without a payload it is
 * a lease: the permission to store a value that is loaded from now on, until the key, its namespace or the lease is invalidated.
 *
 * For each key (KEYS: the version of its namespace, the entry) the reply is the stored entry, or a new lease if there is no
 * valid one; only the tag if the caller has that one; false if the server cannot store a lease.
 * ARGV: token, release, lifetime of a lease, lifetime of a version, then the tag that the caller has of each key.
 */
export const READ = script(`
local function text(key)
  local stored = redis.pcall('GET', key)
  return type(stored) == 'string' and stored or nil
end
local function keep(key, value, lifetime)
  local kept = redis.pcall('SET', key, value, 'PX', lifetime)
  return not kept.err and value or nil
end
local answers = {}
for i = 1, #KEYS, 2 do
  local known = ARGV[4 + (i + 1) / 2]
  local version = text(KEYS[i])
  if not version or not version:match('^[%w_-]+$') then version = keep(KEYS[i], ARGV[1] .. '-' .. i, ARGV[4]) end
  local stored = version and text(KEYS[i + 1])
  local tag = version and version .. ' ' .. ARGV[2] .. ' '
  if version and (not stored or stored:sub(1, #tag) ~= tag) then
    stored = keep(KEYS[i + 1], tag .. ARGV[1] .. '-' .. i .. '\\n', ARGV[3])
  end
  answers[#answers + 1] = stored and (known ~= '' and stored:sub(1, #known) == known and known or stored) or false
end
return answers`)

/** Turns a lease into an entry, if it still exists. It expires when the lease would have, or after `ARGV[3]` at most. */
export const FILL = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
local left = math.max(1, math.min(redis.call('PTTL', KEYS[1]), ARGV[3]))
redis.call('SET', KEYS[1], ARGV[1] .. ARGV[2], 'PX', left)
return 1`)

/** Counts one use, opens the window with the first one, and returns the time that is left of it. */
export const COUNT = script(`
local used = redis.pcall('INCR', KEYS[1])
if type(used) ~= 'number' then
  if used.err:find('OOM') then return used end
  redis.call('UNLINK', KEYS[1])
  used = redis.call('INCR', KEYS[1])
end
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  left = tonumber(ARGV[1])
  redis.call('PEXPIRE', KEYS[1], left)
end
return { used, left }`)
