import {
  parse,
  publicSseCases,
  splits,
  SSE_CASES,
  type SseCase,
} from '../../packages/chat-core/src/sse/sse-cases.suite.js'
import type { Bench } from '../figure.js'
import { named } from '../peers/bundles.js'
import { parseAsUsual } from '../peers/event-stream-parser.js'

type Parse = typeof parse

/** The event-stream parser on the web platform's own cases (`CORPUS_DIR` names their folder) and on ours. */
export const parseCases: Bench = {
  name: 'Event-stream parse cases',
  run() {
    const published = publicSseCases()
    const cases = [...published, ...SSE_CASES]
    const [mine, theirs] = [rightOf(cases, parse), rightOf(cases, parseAsUsual)]
    const count = cases.reduce((sum, { bytes }) => sum + [...splits(bytes, SEED)].length, 0)
    const which = `${published.length} of the web platform’s tests, ${SSE_CASES.length} of ours`
    return Promise.resolve([
      {
        name: `WHATWG event-stream parse cases, at every split (${which})`,
        today: `${theirs} of ${cases.length} (${named('eventsource-parser')}, as usually wired)`,
        target: 'all',
        measured: `${mine} of ${cases.length}, cut in ${count} ways`,
        met: mine === cases.length,
      },
    ])
  },
}

const SEED = 11

const rightOf = (cases: readonly SseCase[], parser: Parse): number =>
  cases.filter((one) => [...splits(one.bytes, SEED)].every((chunks) => isRight(one, parser(chunks)))).length

const isRight = ({ events }: SseCase, found: SseCase['events']): boolean =>
  JSON.stringify(found.map(fields)) === JSON.stringify(events.map(fields))

const fields = ({ type, data, lastEventId }: SseCase['events'][number]): readonly string[] => [
  type,
  data,
  lastEventId,
]
