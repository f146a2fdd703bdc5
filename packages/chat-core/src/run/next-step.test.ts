import { expect, test } from 'vitest'
import { ChatError } from '../errors/chat-error.js'
import { nextStep, type Situation } from './next-step.js'

const AT_FIRST: Situation = {
  rung: 'stream',
  gotEvents: false,
  wasSilent: false,
  acknowledged: false,
  hasServer: true,
  renewed: false,
}
const READING = { ...AT_FIRST, acknowledged: true }
const silent = new ChatError('stalled', 'The server is silent.')
const broken = new ChatError('upstream', 'The connection failed.')
const noStream = new ChatError('protocol', 'A login page.', { status: 200 })
const garbage = new ChatError('protocol', 'No event.')
const refused = (status: number, retryAfter?: number): ChatError =>
  new ChatError(status === 401 ? 'auth' : 'rate_limited', 'No.', { status, retryAfter })

test.each<[what: string, ChatError, Situation, ReturnType<typeof nextStep>]>([
  ['a broken line is tried again as it was', broken, AT_FIRST, 'stream'],
  ['so is one that was silent once', silent, READING, 'stream'],
  ['silent twice, the next rung', silent, { ...READING, wasSilent: true }, 'padded'],
  ['not where events came in between', silent, { ...READING, wasSilent: true, gotEvents: true }, 'stream'],
  ['a good answer that is no stream, the next rung', noStream, AT_FIRST, 'padded'],
  ['below the last there is none', noStream, { ...READING, rung: 'result' }, null],
  ['garbage in mid-answer is a broken line', garbage, READING, 'stream'],
  ['before the server has the question it is no server of ours', garbage, AT_FIRST, null],
  ['a token that is refused is renewed', refused(401), AT_FIRST, 'renew'],
  ['but not twice', refused(401), { ...AT_FIRST, renewed: true }, null],
  ['ten seconds are waited for before the question is sent again', refused(429, 10_000), AT_FIRST, 'stream'],
  ['no longer ones', refused(429, 10_001), AT_FIRST, null],
  ['what the server has is read on, however long that takes', refused(429, 10_001), READING, 'stream'],
  [
    'where nobody keeps runs, a whole refusal is tried again',
    refused(429),
    { ...AT_FIRST, hasServer: false },
    'stream',
  ],
  ['and what broke is not, for the model may have run', broken, { ...AT_FIRST, hasServer: false }, null],
])('%s', (_what, error, situation, step) => {
  expect(nextStep(error, situation)).toBe(step)
})
