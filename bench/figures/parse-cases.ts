import {
  parse,
  publicSseCases,
  splits,
  SSE_CASES,
  type SseCase,
} from '../../packages/chat-core/src/sse/sse-cases.suite.js'
import type { Bench } from '../figure.js'

/** The event-stream parser on the web platform's own cases (`CORPUS_DIR` names their folder) and on ours. */
export const parseCases: Bench = {
  name: 'Event-stream parse cases',
  async run() {
    const published = publicSseCases()
    const cases = [...published, ...SSE_CASES]
    let count = 0
    const wrong = cases.filter((one) => {
      const failed = [...splits(one.bytes, 11)].filter((chunks) => (count += 1) && !isRight(one, chunks))
      return failed.length > 0
    })
    const which = `${published.length} of the web platform’s tests, ${SSE_CASES.length} of ours`
    return [
      {
        name: `WHATWG event-stream parse cases, at every split (${which})`,
        today: '48 of 49 as usually wired',
        target: 'all',
        measured: `${cases.length - wrong.length} of ${cases.length}, cut in ${count} ways`,
        met: wrong.length === 0,
      },
    ]
  },
}

const isRight = ({ events }: SseCase, chunks: readonly Uint8Array[]): boolean =>
  JSON.stringify(parse(chunks).map(fields)) === JSON.stringify(events.map(fields))

const fields = ({ type, data, lastEventId }: SseCase['events'][number]): readonly string[] => [
  type,
  data,
  lastEventId,
]
