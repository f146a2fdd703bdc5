/** What a fleet has to bear. */
export interface Load {
  readonly messagesPerSecond: number
  /** Pages with the chat open; most of them wait for a person and not for an answer. Each renews its session. */
  readonly openConversations: number
  /** How long a session lasts, in seconds: the default of `SESSION_TTL`. */
  readonly secondsPerSession: number
  readonly tokensPerAnswer: number
  /** From the first to the last word, in seconds. */
  readonly secondsPerAnswer: number
  /** Of messages, those that begin a conversation. */
  readonly shareOfStarts: number
  /** For so many days what was said is kept. */
  readonly days: number
}

/** 10,000 a second of 10 seconds each: about 100,000 answers are under way at any time. */
export const LOAD: Load = {
  messagesPerSecond: 10_000,
  openConversations: 100_000,
  secondsPerSession: 3_600,
  tokensPerAnswer: 250,
  secondsPerAnswer: 10,
  shareOfStarts: 0.25,
  days: 90,
}

/** Sessions that are renewed in a second, each of which costs a start at most. */
export const renewalsPerSecond = (load: Load): number => load.openConversations / load.secondsPerSession

/** How full a part may be, and what has to be left when something goes. */
export interface Rules {
  /** Of a core, in the fullest of a thousand seconds. */
  readonly cpu: number
  /** Of Redis’s one core, which must not be what an answer waits for. */
  readonly redisCpu: number
  /** Zones of which one may be away. */
  readonly zones: number
  /** Most memory that one Redis should hold, in bytes: it has to be copied to a new replica in minutes. */
  readonly redisMemory: number
  /** Rows of a partition of messages that vacuum and an index build still get through in minutes. */
  readonly rowsPerPartition: number
  /** Most connections that a PostgreSQL server should have. */
  readonly connections: number
  /** The default of `DATABASE_POOL_SIZE`, and those beside the pool. */
  readonly connectionsPerProcess: number
}

export const RULES: Rules = {
  cpu: 0.7,
  redisCpu: 0.5,
  zones: 3,
  redisMemory: 16e9,
  rowsPerPartition: 100e6,
  connections: 500,
  connectionsPerProcess: 16,
}
