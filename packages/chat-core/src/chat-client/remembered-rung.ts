import { firstRung, REMEMBER_MS, type Rung } from '../run/ladder.js'
import type { ClientContext } from './client-context.js'

const rungId = (origin: string): string => `rung:${origin}`

/** The way of reading that worked lately for this server, else the best one. */
export async function rememberedRung({ storage, platform, origin, transport }: ClientContext): Promise<Rung> {
  if (!transport.server) return 'stream'
  return firstRung((await storage.get('meta', rungId(origin)))?.value, platform.now())
}

export function rememberRung({ storage, platform, origin }: ClientContext, rung: Rung): void {
  const value = { rung, until: platform.now() + REMEMBER_MS }
  void storage.write([{ put: 'meta', record: { id: rungId(origin), value } }])
}
