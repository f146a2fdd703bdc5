/** Every limit is counted as for an operator who sets nothing, and none is met: nobody is told to wait while costs are measured. */
export const FAR_LIMITS_ENV = {
  MESSAGES_PER_MINUTE: '1000000',
  MESSAGES_PER_MINUTE_IP: '1000000',
  MESSAGES_PER_MINUTE_TENANT: '1000000',
  SESSIONS_PER_MINUTE_IP: '1000000',
  SESSIONS_PER_MINUTE_TENANT: '1000000',
  REQUESTS_PER_MINUTE: '1000000',
  REQUESTS_PER_MINUTE_IP: '1000000',
  RUNS_AT_ONCE: '1000000',
  RUNS_AT_ONCE_TENANT: '1000000',
  MAX_RUNS: '100000',
  // Of the tiers, the one whose messages a day are the operator's to name; those of the others would be met.
  TIER: 'enterprise',
  TOKENS_PER_DAY_INSTALLATION: '1000000000',
} as const
