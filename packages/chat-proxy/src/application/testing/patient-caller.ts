import { expect } from 'vitest'
import { DomainError } from '../../domain/errors.js'
import { RunLogUnavailable } from '../../domain/ports/index.js'
import { isTerminal, type Run } from '../../domain/run.js'
import type { World } from './test-world.js'
import { stepsOf } from './steps-of.js'

const never = new AbortController().signal

/** A caller as the SDK is one: an error that may pass is answered by the same request once more. */
export class PatientCaller {
  readonly world: World
  /** What was told to the caller: runs that were admitted, and how answers ended. */
  readonly acknowledged = new Set<string>()
  readonly answers = new Map<string, { text: string; status: string }>()
  /** Answers that are no runs: how often they were asked for, and how many came whole. */
  readonly completions = { asked: 0, whole: 0 }
  readonly #pause: () => Promise<void>
  #failures = 0

  /** @param pause before time goes on and between an error and the next try: for what takes its own time */
  constructor(world: World, pause = (): Promise<void> => Promise.resolve()) {
    this.world = world
    this.#pause = pause
  }

  /** Time goes on until there is an answer. */
  async ask<T>(request: () => Promise<T>): Promise<T> {
    const answer = this.#withRetries(request)
    const progress = { isSettled: false }
    const settle = (): void => void (progress.isSettled = true)
    void answer.then(settle, settle)
    await this.world.clock.advanceAsync(0)
    for (let waited = 0; !progress.isSettled && waited < 20_000; waited += 100) {
      await this.#pause()
      await this.world.clock.advanceAsync(100)
    }
    expect(progress.isSettled).toBe(true)
    return answer
  }

  async #withRetries<T>(request: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await request()
      } catch (error) {
        if (!isPassing(error)) throw error
        // Only one call fails: whoever fails more often makes a second fault out of the first.
        this.#failures += 1
        expect(this.#failures).toBeLessThanOrEqual(2)
        await this.#pause()
      }
    }
  }

  async send(
    runId: string,
    over: { content?: string; regenerate?: string } = { content: 'Count' },
  ): Promise<Run> {
    const request = { conversationId: 'c_00001', runId, ...over }
    const { run } = await this.ask(() => this.world.useCases.sendMessage.execute(this.world.alice, request))
    this.acknowledged.add(runId)
    return run
  }

  /** Asks as OpenAI's clients do: each try is a call of its own. */
  async complete(whole: string): Promise<void> {
    const text = await this.ask(async () => {
      this.completions.asked += 1
      const input = {
        model: this.world.model.name,
        messages: [{ role: 'user', content: 'Count', usage: null }] as const,
      }
      const { events } = await this.world.useCases.completeChat.execute(this.world.alice, input, never)
      let text = ''
      for await (const event of events) if (event.type === 'text') text += event.text
      return text
    })
    expect(text).toBe(whole)
    this.completions.whole += 1
  }

  /** Reads like an event stream: again from the cursor after a break, until the terminal event. */
  async read(runId: string): Promise<void> {
    const seen = { text: '', status: '', seq: 0 }
    await this.ask(async () => {
      for (let tries = 0; seen.status === ''; tries += 1) {
        expect(tries).toBeLessThan(5)
        await this.#readOn(runId, seen)
      }
    })
    this.answers.set(runId, { text: seen.text, status: seen.status })
  }

  async #readOn(runId: string, seen: { text: string; status: string; seq: number }): Promise<void> {
    const input = { runId, cursor: `${runId}.${seen.seq}`, signal: never }
    const followed = await this.world.useCases.followRun.execute(this.world.alice, input)
    for await (const step of stepsOf(followed)) {
      if (step.type === 'resync') {
        const { run, message, seq } = step.snapshot
        Object.assign(seen, { text: message.content, seq, status: isTerminal(run.status) ? run.status : '' })
        continue
      }
      for (const { seq, event } of step.events) {
        expect(seq).toBe(seen.seq + 1)
        seen.seq = seq
        if (event.type === 'text-delta') seen.text += event.text
        if (event.type === 'ended') seen.status = event.status
      }
    }
  }
}

const isPassing = (error: unknown): boolean =>
  error instanceof RunLogUnavailable || (error instanceof DomainError && error.code === 'store-unavailable')
