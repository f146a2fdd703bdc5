import { describe, expect, it } from 'vitest'
import type { WireMessage } from '../protocol/index.js'
import { messageFromWire } from './from-wire.js'

describe('a message of the server', () => {
  it('failed for a reason of another version: it is a failure of the model', () => {
    const wire = {
      id: 'a_1',
      role: 'assistant',
      content: 'Half',
      status: 'failed',
      created_at: '2026-01-01T00:00:00.000Z',
      parent_id: 'm_1',
      run_id: 'r_1',
      feedback: null,
      error: { code: 'of_another_version', message: 'Something new.', retryable: true },
    } as unknown as WireMessage // a code that this version's contract does not have
    const { status, content, error } = messageFromWire(wire)
    expect({ status, content, code: error?.code }).toEqual({
      status: 'failed',
      content: 'Half',
      code: 'upstream',
    })
  })
})
