import { z } from 'zod'
import { PRESETS } from '../infrastructure/llm/presets.js'
import { DEFAULT_RETENTION_DAYS } from '../domain/tenant.js'
import { DEFAULT_SYSTEM_PROMPT } from './default-system-prompt.js'
import { RANGES, wholeNumberRule } from './ranges.js'
import { isKnown, isOnce, isWithoutDemo, parseProviderList } from './provider-list.js'

/**
 * Every variable of the environment that the proxy reads, with what it does, what it takes and what it is by default. The
 * messages say what is accepted and never quote what was given.
 */

const wholeNumber = (min: number, max: number) => {
  const message = wholeNumberRule([min, max])
  return z
    .string()
    .regex(/^\d{1,9}$/, message)
    .transform(Number)
    .pipe(z.number().min(min, message).max(max, message))
}

const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, `must be one of ${values.join(', ')}`)

const isWebUrl = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)

const origins = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim().replace(/\/$/, ''))
      .filter(Boolean),
  )
  .refine(
    (list) => list.every((origin) => isWebUrl(origin) && new URL(origin).origin === origin),
    'must be origins such as https://example.com, separated by commas, without a path',
  )

const PROVIDERS = ['demo', ...Object.keys(PRESETS)].join(', ')

/** Where it listens and what it keeps. */
export const SERVER_VARIABLES = {
  PORT: wholeNumber(0, 65_535).default(8787).describe('Port to listen on; 0 takes any free one.'),
  HOST: z
    .string()
    .default('127.0.0.1')
    .describe(
      'Address to listen on. The default is reached from this machine alone, for example by a web server in front; in a container set 0.0.0.0.',
    ),
  DATA_DIR: z
    .string()
    .default('./data')
    .describe(
      'Folder of the SQLite database; made when missing. With DATABASE_URL it keeps compiled code alone, if it exists.',
    ),
  DATABASE_URL: z
    .string()
    .regex(
      /^postgres(ql)?:\/\/./,
      'must be a PostgreSQL address such as postgres://user:password@host:5432/database',
    )
    .optional()
    .describe('PostgreSQL to keep conversations in, instead of SQLite.'),
  DATABASE_POOL_SIZE: wholeNumber(...RANGES.poolSize)
    .default(10)
    .describe('Most connections of one process to PostgreSQL at a time.'),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\/./, 'must be a Redis address such as redis://user:password@host:6379')
    .optional()
    .describe(
      'Redis that several processes share, so that each can show and stop the answers of all others. Without it every process knows its own.',
    ),
  WIDGET_DIR: z
    .string()
    .optional()
    .describe(
      "Folder with the widget's script (dist/cdn of @colloquy/chat-widget), served to every site under /widget/. Without it nothing is there.",
    ),
  LOG_LEVEL: oneOf(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe(
      'How much is logged to standard output, one JSON object per line: debug, info, warn, error or silent.',
    ),
  HEARTBEAT_SECONDS: wholeNumber(...RANGES.heartbeatSeconds)
    .default(10)
    .describe(
      'How often a stream gives a sign of life. Keep it below the idle timeout of every proxy in between.',
    ),
  NO_READER_GRACE_SECONDS: wholeNumber(...RANGES.noReaderGraceSeconds)
    .default(300)
    .describe(
      'An answer is ended, its text kept, when nobody has read it for so many seconds. Dropped lines come back long before.',
    ),
  SHUTDOWN_GRACE_SECONDS: wholeNumber(0, 300)
    .default(10)
    .describe('How long running answers may finish after SIGTERM or SIGINT before they are cut off.'),
} as const

/** What visitors see and may do. */
export const CHAT_VARIABLES = {
  SYSTEM_PROMPT: z
    .string()
    .default(DEFAULT_SYSTEM_PROMPT)
    .describe('What the model is told before every conversation. The default suits the chat of a website.'),
  GREETING: z
    .string()
    .default('')
    .describe(
      "First line of an empty chat. Without one the widget greets by itself, in the visitor's language.",
    ),
  SUGGESTIONS: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split('|')
        .map((part) => part.trim())
        .filter(Boolean),
    )
    .describe('Questions to offer in an empty chat, separated by "|".'),
  CONTEXT_MESSAGES: wholeNumber(...RANGES.contextMessages)
    .default(20)
    .describe('How many of the newest messages the model is shown, the question included.'),
  CONTEXT_TOKENS: wholeNumber(...RANGES.contextTokens)
    .default(16_000)
    .describe(
      'How many tokens the model is shown at most, the system prompt included: the oldest messages are left out first. Less than its context window, by the longest answer.',
    ),
  CONTEXT_SUMMARY: oneOf(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .describe(
      'true keeps what no longer fits as a summary, which the model makes behind an answer, and shows it that instead. Each is one more call of the model.',
    ),
  TITLES: oneOf(['first-message', 'model'])
    .default('first-message')
    .describe(
      'Who names a conversation: its first message, or the model after the first answer, which is one more call of it.',
    ),
  MAX_MESSAGE_CHARS: wholeNumber(...RANGES.maxMessageChars)
    .default(8_000)
    .describe('Longest message accepted, in characters.'),
  RETENTION_DAYS: wholeNumber(...RANGES.retentionDays)
    .default(DEFAULT_RETENTION_DAYS)
    .describe('For so many days a deleted conversation can be restored; then it is gone for good.'),
  ALLOWED_ORIGINS: origins
    .default([])
    .describe(
      'Origins whose pages may use the chat, separated by commas. Those of the proxy itself and of localhost always may.',
    ),
  PUBLISHABLE_KEY: z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/, 'must be up to 200 visible ASCII characters without spaces')
    .optional()
    .describe(
      'When set, a chat starts only with this key in X-Colloquy-Key. It stands in the page, so it is no secret.',
    ),
  SESSION_TTL: wholeNumber(...RANGES.sessionTtlSeconds)
    .default(3_600)
    .describe("How long a visitor's token is valid, in seconds. Clients renew it by themselves."),
} as const

/** Which model answers. With none of these the built-in demo model does. */
export const MODEL_VARIABLES = {
  LLM_PROVIDER: z
    .string()
    .transform(parseProviderList)
    .refine(
      (list) => list.length > 0 && list.every(isKnown),
      `must be one of ${PROVIDERS}, or several of them separated by commas`,
    )
    .refine(isWithoutDemo, 'must be demo alone, or providers without it')
    .refine(isOnce, 'must name each model of a provider once')
    .optional()
    .describe(
      `Where the model runs: ${PROVIDERS}. Sets the address, the key variable and the model. Several, separated by commas, are asked in this order: the next one when those before cannot answer. A model other than the usual one follows a colon, as in groq,openai:gpt-6-luna.`,
    ),
  LLM_BASE_URL: z
    .string()
    .refine(isWebUrl, 'must be an http or https URL such as https://api.example.com/v1')
    .optional()
    .describe(
      'Address of any OpenAI-compatible endpoint, up to but without /chat/completions. Replaces that of the first provider.',
    ),
  LLM_API_KEY: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'must be visible ASCII characters without spaces or quotes around them')
    .optional()
    .describe(
      "Key for the first provider. Each provider's usual variable, such as OPENAI_API_KEY, works as well, and is the only one for those after the first.",
    ),
  LLM_MODEL: z.string().optional().describe('Name of the model, as the first provider knows it.'),
  LLM_RETRY_UNKNOWN: oneOf(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .describe(
      'true asks once more when a connection breaks after the question went out and before the first word came. The lost answer may have been made and charged.',
    ),
  LLM_BREAKER_FAILURES: wholeNumber(...RANGES.breakerFailures)
    .default(5)
    .describe('After this many failures in a row a provider is left alone for a while.'),
  LLM_BREAKER_SECONDS: wholeNumber(...RANGES.breakerSeconds)
    .default(30)
    .describe('How long it is left alone, before a single call finds out whether it is back.'),
} as const
