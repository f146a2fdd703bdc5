import { expect } from 'vitest'
import { isTerminal } from '../../domain/run.js'
import type { PatientCaller } from './patient-caller.js'
import type { World } from './test-world.js'

/** What must hold in the end, whatever failed, read past all fault points. @param whole the answer of every run */
export async function expectWhole(caller: PatientCaller, whole: string): Promise<void> {
  const { world } = caller
  const { kysely } = world.database
  const runs = await kysely.selectFrom('runs').selectAll().execute()
  const messages = await kysely.selectFrom('messages').selectAll().execute()
  const events = await kysely.selectFrom('events').selectAll().execute()
  expect(runs.map(({ id }) => id)).toEqual(expect.arrayContaining([...caller.acknowledged]))
  for (const run of runs) {
    expect(isTerminal(run.status)).toBe(true)
    expect(run.lease_owner).toBeNull()
    const of = (type: string) => events.filter((event) => event.subject_id === run.id && event.type === type)
    expect([of('run.admitted').length, of('run.ended').length]).toEqual([1, 1])
    const message = messages.find(({ id }) => id === run.message_id)
    expect(message).toMatchObject({ status: run.status, run_id: run.id })
    expect(whole.startsWith(message?.content ?? '?')).toBe(true)
    if (run.status === 'completed') expect(message?.content).toBe(whole)
    expect(messages.filter(({ id }) => id === run.user_message_id)).toHaveLength(1)
    const answer = caller.answers.get(run.id)
    if (answer) expect(answer).toEqual({ text: message?.content, status: run.status })
  }
  expect(messages.filter(({ role }) => role === 'assistant')).toHaveLength(runs.length)
  // Every question that is a run is at most one call of the model.
  expect(world.model.calls.length).toBeLessThanOrEqual(runs.length + caller.completions.asked)
  await expectPlacesFree(world)
  const answered = runs.filter(({ message_id }) =>
    messages.some(({ id, content }) => id === message_id && content !== ''),
  )
  await expectSettled(caller, answered.length)
}

async function expectPlacesFree({ useCases: { queue }, database, clock }: World): Promise<void> {
  expect([queue.running, queue.waiting]).toEqual([0, 0])
  const places = await database.kysely.selectFrom('run_places').select(['id', 'lease_until']).execute()
  expect(places.filter(({ lease_until }) => lease_until > clock.now())).toEqual([])
}

/** A minute after the end nothing is set aside any more, and every answer is counted once. */
async function expectSettled({ world, completions }: PatientCaller, answeredRuns: number): Promise<void> {
  const { kysely } = world.database
  const reservations = () => kysely.selectFrom('ledger_reservations').select(['id', 'expires_at']).execute()
  if ((await reservations()).length > 0) await world.clock.advanceAsync(MINUTE_MS)
  expect(await reservations()).toEqual([])
  const counted = new Map<string, number>()
  for (const counter of await kysely.selectFrom('ledger_counters').selectAll().execute()) {
    const { reserved_messages, reserved_tokens, reserved_money, scope, scope_id, span, messages } = counter
    expect([reserved_messages, reserved_tokens, reserved_money]).toEqual([0, 0, 0])
    const key = JSON.stringify([scope, scope_id, span])
    counted.set(key, (counted.get(key) ?? 0) + messages)
  }
  for (const messages of counted.values()) {
    // What nobody could settle counts as a message: it may have been answered.
    expect(messages).toBeGreaterThanOrEqual(answeredRuns + completions.whole)
    expect(messages).toBeLessThanOrEqual(answeredRuns + completions.asked)
  }
}

const MINUTE_MS = 60_000
