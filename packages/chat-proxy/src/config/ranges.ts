/** Lowest and highest of numbers that are set by a variable of the environment or by an option. */
type Range = readonly [min: number, max: number]

/** What both ways of saying it accept. */
export const RANGES = {
  proxyHops: [1, 10],
  poolSize: [1, 1_000],
  instances: [1, 1_000],
  maxMessageChars: [1, 40_000],
  contextMessages: [1, 200],
  contextTokens: [256, 2_000_000],
  heartbeatSeconds: [1, 60],
  noReaderGraceSeconds: [10, 86_400],
  sessionTtlSeconds: [60, 30 * 86_400],
  retentionDays: [1, 36_500],
  maxAnswerTokens: [16, 200_000],
  maxRuns: [1, 100_000],
  maxQueued: [0, 100_000],
  breakerFailures: [1, 1_000],
  breakerSeconds: [1, 3_600],
  perMinuteOrAtOnce: [1, 1_000_000],
  perDay: [0, 1_000_000_000],
} as const satisfies Record<string, Range>

export const wholeNumberRule = ([min, max]: Range): string => `must be a whole number from ${min} to ${max}`
