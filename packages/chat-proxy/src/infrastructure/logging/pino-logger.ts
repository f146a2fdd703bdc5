import { pino, stdTimeFunctions, type DestinationStream, type Logger as Pino } from 'pino'
import type { LogFields, Logger } from '../../domain/ports/logger.js'
import { allowedFields } from './allowed-fields.js'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

export interface PinoLoggerOptions {
  readonly level: LogLevel
  /** Default: standard output. */
  readonly destination?: DestinationStream
}

/** One JSON object per line. Messages are constants of our code; data goes into the fields and through the allow-list. */
export class PinoLogger implements Logger {
  readonly #pino: Pino

  constructor({ level, destination }: PinoLoggerOptions) {
    const options = {
      level,
      base: null,
      messageKey: 'message',
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label: string) => ({ level: label }) },
    }
    this.#pino = destination ? pino(options, destination) : pino(options)
  }

  debug(message: string, fields?: LogFields): void {
    this.#write('debug', message, fields)
  }

  info(message: string, fields?: LogFields): void {
    this.#write('info', message, fields)
  }

  warn(message: string, fields?: LogFields): void {
    this.#write('warn', message, fields)
  }

  error(message: string, fields?: LogFields): void {
    this.#write('error', message, fields)
  }

  #write(level: Exclude<LogLevel, 'silent'>, message: string, fields: LogFields = {}): void {
    if (!this.#pino.isLevelEnabled(level)) return
    // The fields come as an object and the message as the only string, so that a `%s` in it stays what it is.
    this.#pino[level]({ ...allowedFields(fields), message })
  }
}
