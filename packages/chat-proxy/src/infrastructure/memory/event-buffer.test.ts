import { seededRandom } from '@colloquy/chat-core/testing'
import { expect, test } from 'vitest'
import type { RunEvent } from '../../domain/run-event.js'
import { FakeClock } from '../time/testing/fake-clock.js'
import { EventBuffer } from './event-buffer.js'

const KINDS: readonly ((text: string) => RunEvent)[] = [
  (text) => ({ type: 'text-delta', text }),
  (text) => ({ type: 'text-delta', text: `${text}😀大きさ` }),
  (text) => ({ type: 'text-delta', text: `\u0000\ud83d"${text}\\` }),
  (text) => ({ type: 'reasoning-delta', text }),
  () => ({ type: 'reasoning-start' }),
  () => ({ type: 'queued', position: 3 }),
]

test('events come back as they were appended, from any place and in any number', () => {
  const seed = Number(process.env['SEED'] ?? 4_711)
  const random = seededRandom(seed)
  const buffer = new EventBuffer(new FakeClock())
  const events = Array.from({ length: 1_000 }, (_, index) => {
    // Mostly text, as in an answer; then a while of anything.
    const kind = KINDS[index % 300 < 200 ? 0 : Math.floor(random() * KINDS.length)] ?? KINDS[0]
    const event = kind?.(` word${index}`) ?? { type: 'reasoning-end' }
    return { seq: buffer.append(event), event }
  })
  expect(buffer.lastSeq).toBe(1_000)
  for (let look = 0; look < 300; look += 1) {
    const [after, limit] = [Math.floor(random() * 1_001), Math.floor(random() * 600)]
    expect(buffer.after(after, limit), `seed ${seed}, ${limit} after ${after}`).toEqual(
      events.slice(after, after + limit),
    )
  }
})
