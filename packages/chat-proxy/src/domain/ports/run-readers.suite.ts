import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RunRef } from '../run.js'
import type { RunReaders } from './run-readers.js'

export interface OpenRunReaders {
  /** Where runs are read. */
  readonly reading: RunReaders
  /** Where runs are generated; the same object for an adapter of one process. */
  readonly asking: RunReaders
  close(): Promise<void>
}

const LONG = 60_000

/** What every adapter must do that knows who reads a run. */
export function runReadersSuite(name: string, open: () => Promise<OpenRunReaders>): void {
  describe(`run readers: ${name}`, () => {
    let readers: OpenRunReaders
    let run: RunRef

    beforeEach(async () => {
      readers = await open()
      run = { tenantId: 'acme', runId: `r-${randomUUID()}` }
    })
    afterEach(() => readers.close())

    test('a run that nobody reads has no time left', async () => {
      expect(await readers.asking.remaining(run)).toBe(0)
    })

    test('a reader counts for the time that is given, and no longer', async () => {
      await readers.reading.seen(run, LONG)
      const remaining = await readers.asking.remaining(run)
      expect(remaining).toBeGreaterThan(0)
      expect(remaining).toBeLessThanOrEqual(LONG)
      await readers.reading.seen(run, 1)
      await expect.poll(() => readers.asking.remaining(run)).toBe(0)
    })

    test('a reader who is seen again counts anew', async () => {
      await readers.reading.seen(run, 1)
      await readers.reading.seen(run, LONG)
      expect(await readers.asking.remaining(run)).toBeGreaterThan(1_000)
    })

    test('a reader of one run reads no other', async () => {
      await readers.reading.seen(run, LONG)
      expect(await readers.asking.remaining({ ...run, runId: `r-${randomUUID()}` })).toBe(0)
      expect(await readers.asking.remaining({ ...run, tenantId: 'other' })).toBe(0)
    })
  })
}
