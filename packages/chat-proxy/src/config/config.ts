import type { Settings } from '../application/shared/settings.js'
import type { IdentitySettings } from '../domain/identity.js'
import type { PriceList } from '../domain/prices.js'
import type { Tenant } from '../domain/tenant.js'
import type { ProviderQuirks } from '../infrastructure/llm/presets.js'
import type { LogLevel } from '../infrastructure/logging/pino-logger.js'
import type { MetricsConfig } from './metrics-variables.js'
import type { TrustProxy } from '../presentation/http/routing/client-network.js'

/** The configuration, checked and complete. */
export interface Config {
  readonly server: {
    /** TCP port; 0 takes any that is free. */
    readonly port: number
    readonly host: string
    /** Milliseconds that running answers have to end in when the process is to stop. */
    readonly shutdownGraceMs: number
    /** Folder of the widget's script; `null`: it comes from elsewhere. */
    readonly widgetDir: string | null
  }
  readonly store: StoreConfig
  /** `null`: runs are known to their own process alone. */
  readonly redisUrl: string | null
  /** How many processes share one Redis, at most. */
  readonly instances: number
  readonly trustProxy: TrustProxy
  readonly model: ModelConfig
  /** `default`, and what holds for others where they say nothing. */
  readonly tenant: Tenant
  /** Where the tenants stand instead; `null`: there is that one. */
  readonly tenantsFile: string | null
  /** What the operator proves to be one with; `null`: there is no admin API. */
  readonly adminToken: string | null
  /** How users of any tenant prove who they are; `null`: everybody is a visitor, but for what tenants say themselves. */
  readonly identity: IdentitySettings | null
  readonly settings: Settings
  /** What models cost; the scripted one costs nothing. */
  readonly prices: PriceList
  /** How long a visitor's token is valid, in seconds. */
  readonly sessionTtlSeconds: number
  readonly logLevel: LogLevel
  /** `null`: nothing is measured. */
  readonly metrics: MetricsConfig | null
}

export type StoreConfig =
  /** `file` may be `:memory:`. */
  | { readonly kind: 'sqlite'; readonly file: string }
  | {
      readonly kind: 'postgres'
      readonly url: string
      /** Most connections at a time. Default 10. */
      readonly poolSize?: number
    }

export type ModelConfig =
  | { readonly kind: 'demo' }
  | {
      readonly kind: 'chain'
      /** In the order in which they are asked: the next one when those before cannot answer. */
      readonly providers: readonly [ProviderConfig, ...ProviderConfig[]]
      /** Whether a call that broke off before the first word, and may have been paid for, is made once more. */
      readonly retryUnknown: boolean
      /** When a provider that keeps failing is left alone, and for how long. */
      readonly breaker: {
        /** Failures in a row. */
        readonly failures: number
        /** Milliseconds. */
        readonly pauseMs: number
      }
    }

/** One model at one provider. */
export interface ProviderConfig {
  /** For records, such as `openai`. */
  readonly name: string
  readonly baseUrl: string
  /** `null` for a server that asks for none. */
  readonly apiKey: string | null
  readonly model: string
  readonly quirks: ProviderQuirks
}

/** Everything that is wrong with the configuration, at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  /** One line per problem: the variable, and what is accepted. No value of any variable is in it. */
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.problems = problems
  }
}
