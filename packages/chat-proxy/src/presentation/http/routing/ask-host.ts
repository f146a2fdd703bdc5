import type { Request } from 'express'
import type { AskHost } from '../../../application/shared/proven-user.js'
import { DomainError } from '../../../domain/errors.js'
import type { HostCaller } from '../../../domain/identity.js'
import type { Clock } from '../../../domain/ports/index.js'

/**
 * The host application's own knowledge of who is behind a request: its session cookie, its gateway's header, or whatever it
 * goes by. `null` means that it knows nobody; throwing, that it could not find out.
 */
export type Authenticate = (request: Request) => HostCaller | null | Promise<HostCaller | null>

/** How long the host may take to answer, in ms. */
const PATIENCE_MS = 10_000

/** Asks once per request. A host that fails answers no question, so the caller is told to try again: nobody becomes anonymous by a fault. */
export function askHostOf(authenticate: Authenticate | undefined, request: Request, clock: Clock): AskHost {
  if (!authenticate) return () => Promise.resolve(null)
  let answer: Promise<HostCaller | null> | undefined
  return () => (answer ??= ask(authenticate, request, clock))
}

async function ask(authenticate: Authenticate, request: Request, clock: Clock): Promise<HostCaller | null> {
  let disarm = (): void => {}
  const late = new Promise<never>((_resolve, reject) => {
    disarm = clock.after(PATIENCE_MS, () => reject(new Error('authenticate() did not answer in time.')))
  })
  try {
    // A host without types may answer `undefined`.
    return (await Promise.race([authenticate(request), late])) ?? null
  } catch (cause) {
    throw new DomainError(
      'identity-unavailable',
      'The application around this chat could not tell who is calling. Try again.',
      { cause },
    )
  } finally {
    disarm()
  }
}
