import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { crowdedAudiences } from '../../domain/crowded-audiences.js'
import type { Clock, Logger } from '../../domain/ports/index.js'
import type { TenantFormat } from '../../domain/ports/tenant-format.js'
import { DEEPEST, problemOfText, type JsonProblem } from '../../domain/strict-json.js'
import type { Tenant } from '../../domain/tenant.js'
import { sharedKeys, type TenantRegistry } from './tenant-registry.js'

export interface TenantsFileOptions {
  readonly path: string
  readonly format: TenantFormat
  /** Gets the tenants of the file. */
  readonly registry: TenantRegistry
  readonly clock: Clock
  readonly logger: Logger
}

/** How often the file is read. By its text and not by its time, and without waiting for the system to tell: mounts may not. */
const LOOK_MS = 1_000

/**
 * Tenants in a JSON file, `{"tenants": [{"id": "…", …}]}`. An edit counts with the next look; one that is wrong changes nothing
 * and is told in the log, line by line.
 */
export class TenantsFile {
  readonly #options: TenantsFileOptions
  /** As it was last read, good or bad; `null`: it could not be. */
  #text: string | null = null
  #cancel: () => void = () => {}
  #look = Promise.resolve()

  constructor(options: TenantsFileOptions) {
    this.#options = options
  }

  /** Reads it, and again from now on until `stop`. @returns what is wrong with it; nothing is looked at then */
  async start(): Promise<readonly string[]> {
    this.#text = await this.#read()
    const read = this.#parse(this.#text)
    if ('problems' in read) return read.problems
    this.#options.registry.replace(read.tenants)
    this.#schedule()
    return []
  }

  async stop(): Promise<void> {
    this.#cancel()
    await this.#look
    this.#cancel()
  }

  #schedule(): void {
    this.#cancel = this.#options.clock.after(LOOK_MS, () => {
      this.#look = this.look().then(() => this.#schedule())
    })
  }

  /** One look at the file. Never rejects: the next one comes. */
  async look(): Promise<void> {
    const { registry, logger } = this.#options
    const text = await this.#read()
    if (text === this.#text) return
    this.#text = text
    const read = this.#parse(text)
    if ('tenants' in read) {
      registry.replace(read.tenants)
      logger.info('the tenants file was read again', { count: read.tenants.length })
      return
    }
    const count = read.problems.length
    logger.error('the tenants file is wrong; the tenants stay as they were', { count })
    for (const line of read.problems) logger.error(`tenants file: ${line}`)
  }

  #read(): Promise<string | null> {
    return readFile(this.#options.path, 'utf8').catch(() => null)
  }

  #parse(text: string | null): Parsed {
    if (text === null) return { problems: ['the file is not there or cannot be read'] }
    const file = fileSchema.safeParse(jsonOf(text))
    if (!file.success) return { problems: [SHAPE] }
    const problem = problemOfText(text)
    if (problem) return { problems: [PROBLEMS[problem]] }
    const read = file.data.tenants.map(
      ({ id, ...settings }) => [id, this.#options.format.read(id, settings)] as const,
    )
    const tenants = read.flatMap(([, one]) => ('tenant' in one ? [one.tenant] : []))
    const problems = [
      ...read.flatMap(([id, one]) => ('problems' in one ? one.problems.map((line) => `${id}.${line}`) : [])),
      ...namedTwice(file.data.tenants.map(({ id }) => id)),
      ...sharedKeys(tenants),
      ...crowdedAudiences(tenants).map(({ tenantId, problem }) => `${tenantId}.${problem}`),
    ]
    return problems.length > 0 ? { problems } : { tenants }
  }
}

type Parsed = { readonly tenants: readonly Tenant[] } | { readonly problems: readonly string[] }

const fileSchema = z.strictObject({ tenants: z.array(z.looseObject({ id: z.string() })).min(1) })

const SHAPE = 'must be JSON such as {"tenants": [{"id": "shop", "publishable_keys": ["pk_shop"]}]}'

/** What a parser would pass over, and whoever reads the file would not see. */
const PROBLEMS: Readonly<Record<JsonProblem, string>> = {
  'repeated-name': 'has an object in which a name stands twice',
  prototype: 'has a field that is called __proto__',
  'unstorable-text': 'has text with U+0000 or half of a surrogate pair',
  'too-deep': `is nested more than ${DEEPEST} levels deep`,
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const namedTwice = (ids: readonly string[]): readonly string[] =>
  [...new Set(ids.filter((id, place) => ids.indexOf(id) !== place))].map(
    (id) => `${id}.id: stands there twice`,
  )
