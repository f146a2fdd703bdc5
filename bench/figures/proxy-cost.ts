import { NO_LIMITS_ENV } from '../../packages/chat-proxy/test/support/no-limits.js'
import { scaled, type Bench, type Figure } from '../figure.js'
import { firstTokenAdded } from '../proxy-cost/first-token.js'
import { costPerToken } from '../proxy-cost/per-token.js'
import { startNginx, startProxy, startUpstream } from '../proxy-cost/processes.js'
import { INTERVAL_MS, TOKENS } from '../proxy-cost/servers.js'
import { costPerWholeAnswer } from '../proxy-cost/whole-answers.js'

/** What the proxy costs beside servers that only pass on. */
export const proxyCost: Bench = {
  name: 'What the proxy costs',
  parts: ['nginx', 'SQLite'],
  async run() {
    return [await perToken(), ...(await firstTokenAdded()), await costPerWholeAnswer()]
  },
}

async function perToken(): Promise<Figure> {
  const upstream = await startUpstream(scaled(TOKENS), INTERVAL_MS)
  const nginx = await startNginx(upstream)
  const proxy = await startProxy(upstream, NO_LIMITS_ENV)
  try {
    return await costPerToken({ upstream, nginx, proxy })
  } finally {
    await proxy.stop()
    await nginx?.stop()
    await upstream.stop()
  }
}
