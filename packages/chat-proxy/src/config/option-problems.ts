import { z } from 'zod'
import { brokenRule } from '../domain/broken-rule.js'
import type { Config } from './config.js'
import { RANGES, wholeNumberRule } from './ranges.js'

type Range = readonly [min: number, max: number]

const whole = ([min, max]: Range) =>
  z
    .int(wholeNumberRule([min, max]))
    .min(min, wholeNumberRule([min, max]))
    .max(max, wholeNumberRule([min, max]))
const wholeOrNull = ([min, max]: Range) => {
  const rule = `${wholeNumberRule([min, max])}, or null`
  return z.int(rule).min(min, rule).max(max, rule).nullable()
}
const inMs = ([min, max]: Range): Range => [min * 1000, max * 1000]

const perMinute = wholeOrNull(RANGES.perMinuteOrAtOnce)
const perDay = wholeOrNull(RANGES.perDay)
/** Millionths of a US dollar, as many dollars at most as tokens. */
const money = wholeOrNull([0, RANGES.perDay[1] * 1_000_000])

/** The numbers of the options, without prices, which the domain counts as they are. What is no number is seen by the compiler, and where it is used. */
const numbers = z.object({
  instances: whole(RANGES.instances),
  sessionTtlSeconds: whole(RANGES.sessionTtlSeconds),
  trustProxy: z.object({ hops: whole(RANGES.proxyHops).optional() }),
  store: z.object({ poolSize: whole(RANGES.poolSize).optional() }),
  model: z.object({
    breaker: z
      .object({ failures: whole(RANGES.breakerFailures), pauseMs: whole(inMs(RANGES.breakerSeconds)) })
      .optional(),
  }),
  settings: z.object({
    maxMessageChars: whole(RANGES.maxMessageChars),
    heartbeatMs: whole(inMs(RANGES.heartbeatSeconds)),
    noReaderGraceMs: whole(inMs(RANGES.noReaderGraceSeconds)),
    context: z.object({ messages: whole(RANGES.contextMessages), tokens: whole(RANGES.contextTokens) }),
    load: z.object({ maxRuns: whole(RANGES.maxRuns), maxQueued: whole(RANGES.maxQueued) }),
    budget: z.object({
      maxAnswerTokens: whole(RANGES.maxAnswerTokens),
      installation: z.object({ tokensPerDay: perDay, moneyPerDay: money, moneyPerMonth: money }),
    }),
  }),
  tenant: z.object({
    retentionDays: whole(RANGES.retentionDays),
    flags: z.object({ rolloutPercent: z.number().min(0).max(100) }),
    limits: z.object({
      messagesPerMinute: z.object({ user: perMinute, ip: perMinute, tenant: perMinute }),
      sessionsPerMinute: z.object({ ip: perMinute, tenant: perMinute }),
      requestsPerMinute: z.object({ user: perMinute, ip: perMinute }),
      runsAtOnce: z.object({ user: perMinute, tenant: perMinute }),
      messagesPerDay: z.object({ user: perDay }),
      tokensPerDay: z.object({ user: perDay, tenant: perDay }),
      moneyPerDay: z.object({ user: money, tenant: money }),
      moneyPerMonth: z.object({ user: money, tenant: money }),
    }),
  }),
})

/** Numbers that the environment would not be let set either, one line each: where it stands, and what is accepted. */
export const optionProblems = (options: Omit<Config, 'server'>): readonly string[] =>
  numbers
    .safeParse(options, { error: brokenRule })
    .error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? []
