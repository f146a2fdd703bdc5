import { destination, pino, stdTimeFunctions, type DestinationStream, type Logger as Pino } from 'pino'
import type { LogFields, Logger } from '../../domain/ports/logger.js'
import { allowedFields } from './allowed-fields.js'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

export interface PinoLoggerOptions {
  readonly level: LogLevel
  /** Default: standard output. */
  readonly destination?: LogDestination
}

interface LogDestination extends DestinationStream {
  /** Writes now what it has collected. */
  flush?(): void
}

const COLLECTED_BYTES = 4_096
const COLLECTED_MS = 100

/**
 * Writes lines of a moment together: each by itself would wake a thread of libuv's pool. At the end of the process it writes what it has;
 * only a process that is killed loses the lines of its last moment.
 * @param fd an open file, such as 1 for standard output
 */
export const collectedLines = (fd: number): ReturnType<typeof destination> =>
  destination({ dest: fd, sync: false, minLength: COLLECTED_BYTES, periodicFlush: COLLECTED_MS })

const STANDARD_OUTPUT = 1

/** One JSON object per line. Messages are constants of our code; data goes into the fields and through the allow-list. */
export class PinoLogger implements Logger {
  readonly #pino: Pino
  readonly #lines: LogDestination

  constructor({ level, destination: lines = collectedLines(STANDARD_OUTPUT) }: PinoLoggerOptions) {
    const options = {
      level,
      base: null,
      messageKey: 'message',
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label: string) => ({ level: label }) },
    }
    this.#lines = lines
    this.#pino = pino(options, lines)
  }

  debug(message: string, fields?: LogFields): void {
    this.#write('debug', message, fields)
  }

  info(message: string, fields?: LogFields): void {
    this.#write('info', message, fields)
  }

  warn(message: string, fields?: LogFields): void {
    this.#write('warn', message, fields)
    this.#lines.flush?.()
  }

  error(message: string, fields?: LogFields): void {
    this.#write('error', message, fields)
    this.#lines.flush?.()
  }

  #write(level: Exclude<LogLevel, 'silent'>, message: string, fields: LogFields = {}): void {
    if (!this.#pino.isLevelEnabled(level)) return
    // The fields come as an object and the message as the only string, so that a `%s` in it stays what it is.
    this.#pino[level]({ ...allowedFields(fields), message })
  }
}
