/** For tests that ask more than people do. */
export const NO_LIMITS_ENV = {
  MESSAGES_PER_MINUTE: 'off',
  MESSAGES_PER_MINUTE_IP: 'off',
  MESSAGES_PER_MINUTE_TENANT: 'off',
  SESSIONS_PER_MINUTE_IP: 'off',
  SESSIONS_PER_MINUTE_TENANT: 'off',
  REQUESTS_PER_MINUTE: 'off',
  REQUESTS_PER_MINUTE_IP: 'off',
  RUNS_AT_ONCE: 'off',
  RUNS_AT_ONCE_TENANT: 'off',
  MAX_RUNS: '100000',
  TIER: 'enterprise',
  TOKENS_PER_DAY_INSTALLATION: 'off',
} as const
