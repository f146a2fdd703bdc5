import type { Bench } from '../figure.js'
import { firstTokenAdded } from '../proxy-cost/first-token.js'
import { costPerToken } from '../proxy-cost/per-token.js'
import { costPerWholeAnswer } from '../proxy-cost/whole-answers.js'

/** What the proxy costs beside servers that only pass on. */
export const proxyCost: Bench = {
  name: 'What the proxy costs',
  parts: ['nginx', 'SQLite'],
  async run() {
    return [await costPerToken(), ...(await firstTokenAdded()), await costPerWholeAnswer()]
  },
}
