import type { RunError, TerminalRunStatus } from '@colloquy/chat-core/protocol'
import type { Meter } from '../../domain/ports/index.js'
import type { Run } from '../../domain/run.js'

/** How a run ended, for whoever watches. */
export function measureEnd(
  meter: Meter,
  run: Run,
  end: { readonly status: TerminalRunStatus; readonly error: RunError | null; readonly endedAt: number },
): void {
  const { status, error, endedAt } = end
  meter.add('runs_ended', { tenant: run.tenantId, status, error: error?.code ?? 'none' })
  meter.observe('run', { status }, endedAt - run.createdAt)
}
