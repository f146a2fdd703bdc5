import { RedisScript } from './redis-script.js'

/** Sequence number of the newest entry of the stream `KEYS[1]`, 0 when there is none. */
const LAST = `
  local newest = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
  local last = newest and tonumber(string.match(newest[1], '^%d+')) or 0
`

/** KEYS: stream, writer. ARGV: token, milliseconds to live, channel, … */
const FINISH = `
  redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  redis.call('PUBLISH', ARGV[3], last)
`

/**
 * Appends a batch of the writer that `token` names. ARGV from the 4th: sequence number of the first event, then the
 * events. What the stream has already is left out, so a batch whose answer was lost may be sent again; a batch that
 * does not follow on is left out whole. Answers the newest sequence number, or -1 when another writer has the run.
 */
export const APPEND = new RedisScript(`${LAST}
  local writer = redis.call('GET', KEYS[2])
  if (writer or last > 0) and writer ~= ARGV[1] then return -1 end
  local seq = tonumber(ARGV[4])
  if seq > last + 1 then return last end
  for i = 5, #ARGV do
    if seq > last then
      redis.call('XADD', KEYS[1], seq .. '-0', 'event', ARGV[i])
      last = seq
    end
    seq = seq + 1
  end
${FINISH}
  return last
`)

/**
 * Ends a stream in the place of its writer. ARGV from the 4th: the sequence number that must be the newest, then the
 * events to append; the last event is the one that closes a stream. Answers 1 when the stream is closed now, else 0.
 */
export const CONCLUDE = new RedisScript(`${LAST}
  if last == 0 then return 0 end
  if newest[2][2] == ARGV[#ARGV] then return 1 end
  if last ~= tonumber(ARGV[4]) then return 0 end
  for i = 5, #ARGV do
    last = last + 1
    redis.call('XADD', KEYS[1], last .. '-0', 'event', ARGV[i])
  end
${FINISH}
  return 1
`)
