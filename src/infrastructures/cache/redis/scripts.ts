import { createHash } from 'node:crypto'

/** A Lua script, which Redis runs as one step. */
export type Script = Readonly<{ text: string; sha1: string }>

const script = (text: string): Script => ({ text, sha1: createHash('sha1').update(text).digest('hex') })

/**
 * A copy is kept as `<version of its family> <release> <token>`, a line feed, and the payload. Without a payload it is a
 * lease: the leave to keep what is loaded from now on, for as long as nobody forgets the key, its family or the lease.
 *
 * For each key (KEYS: the version of its family, the copy) the answer is what is kept, or a new lease where there is nothing
 * of use; only its first line when that is the one that the asker knows; false when the server will keep nothing.
 * ARGV: token, release, lifetime of a lease, lifetime of an version, then the first line known of each key.
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

/** Turns a lease into a copy, if it is still there. It lives on as long as the lease would have, or `ARGV[3]` at most. */
export const FILL = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
local left = math.max(1, math.min(redis.call('PTTL', KEYS[1]), ARGV[3]))
redis.call('SET', KEYS[1], ARGV[1] .. ARGV[2], 'PX', left)
return 1`)

/** Counts one use, opens the window with the first one, and tells how much of it is left. */
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
