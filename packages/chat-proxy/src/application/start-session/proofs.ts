import type { Caller } from '../../domain/caller.js'
import { DomainError } from '../../domain/errors.js'
import type { Clock, IdentityTokens, Session, SessionTokens } from '../../domain/ports/index.js'
import {
  userOfHost,
  userOfIdentity,
  userOfSession,
  type AskHost,
  type ProvenUser,
} from '../shared/proven-user.js'

/** What somebody brings along when they start. */
export interface Evidence {
  /** What stands behind `Bearer`: an older session token, or an identity token. */
  readonly token: string | null
  /** A visitor's older session token, beside an identity token. */
  readonly visitorToken: string | null
  readonly askHost?: AskHost
}

export interface Proofs {
  readonly user: ProvenUser | null
  /** Who they were before, also when that session has run out within the renewal time. */
  readonly visitor: Caller | null
}

export interface ProofsDeps {
  readonly tokens: SessionTokens
  readonly identities: IdentityTokens
  readonly clock: Clock
}

/**
 * What the evidence proves. A visitor's token that is of no use any more is no reason to refuse: the person becomes a new
 * visitor. Somebody who wants to be a user and cannot prove it is told so, rather than shown an empty chat.
 * @throws DomainError `not-authenticated`, `token-expired` or `identity-unavailable` for an identity token or a user's session
 */
export async function proofsOf(evidence: Evidence, deps: ProofsDeps): Promise<Proofs> {
  const { token, visitorToken, askHost } = evidence
  const session = await readSession(token, deps.tokens)
  const visitor = visitorOf(session) ?? visitorOf(await readSession(visitorToken, deps.tokens))
  if (session?.caller.kind === 'user') {
    if (session.expiresAt <= deps.clock.now())
      throw new DomainError('token-expired', 'The session has expired. Sign in on the site again.')
    return { user: userOfSession(session), visitor }
  }
  const identity = token === null || session ? null : await deps.identities.verify(token)
  if (identity) return { user: userOfIdentity(identity), visitor }
  const known = (await askHost?.()) ?? null
  return { user: known && userOfHost(known), visitor }
}

async function readSession(token: string | null, tokens: SessionTokens): Promise<Session | null> {
  try {
    return token === null ? null : await tokens.verifyForRenewal(token)
  } catch (error) {
    if (error instanceof DomainError) return null
    throw error
  }
}

const visitorOf = (session: Session | null): Caller | null =>
  session?.caller.kind === 'visitor' ? session.caller : null
