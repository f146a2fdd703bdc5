import {
  forgetAll,
  forgetConversations,
  loading,
  tellParts,
  type ClientCore,
} from '../chat-client/client-core.js'
import type { Part } from '../chat-client/part.js'
import { ChatError } from '../errors/chat-error.js'
import type { Identity } from './identity.js'

/**
 * Users of the site, in place of visitors. Name it before the parts that keep something: what another user left is wiped before
 * they keep what is new.
 */
export const createIdentity = (): Part<Identity> => (core) => {
  const { state } = core
  let owner: string | undefined
  /** Somebody wants to chat. */
  let isInUse = false
  const provenBy = beginAsUser(core)
  /** A user's, and the site names another one or nobody, as far as can be told without asking. */
  const isAnothers = (visitorId: string | undefined): boolean | undefined =>
    state.asker &&
    isUser(visitorId) &&
    state.asker.token !== (provenBy() ?? '') &&
    isDenied(visitorId, state.asker.token)
  core.hooks.push({
    async restore() {
      isInUse = true
    },
    asked() {
      isInUse = true
    },
    sessionChanged({ visitor_id: next }) {
      const { asker, held } = state
      const isNotTheirs = isAnothers(next)
      // A visitor who turns out to be a user keeps what they have: the server has made it that user's.
      const isOthers = owner && owner !== next && (isUser(owner) || !isUser(next))
      if (asker && (isNotTheirs || (isOthers && isUser(owner)))) asker.left = held
      // Nobody may go on with the session of somebody. Behind those who keep it now, so that it is wiped.
      if (isNotTheirs) queueMicrotask(() => void forgetAll(core, next))
      else if (isOthers) void forgetConversations(core, owner)
      owner = next
    },
    forgotten() {
      owner = undefined
    },
  })
  return {
    async identify(token) {
      state.asker = { token }
      if (isAnothers(owner)) void forgetAll(core, owner)
      // Nothing is asked of the server before somebody wants to chat.
      if (!isInUse) return
      await loading(core, async () => {
        await core.session.token()
        state.error = null
      })
    },
  }
}

/**
 * Has sessions begin as the user whom the site names: from the next token on the session is that user's. Where it names nobody, the present one goes on.
 * @returns what tells with which token the present session was begun here
 */
function beginAsUser(core: ClientCore): () => string | null {
  const { session, state, transport } = core
  const own = { ...session }
  /** What the present session was begun with. */
  let proven: string | null = null
  session.begin = async (old, signal) => {
    const asked = state.asker?.token ?? null
    // What no header can hold would look like a line that is broken.
    if (asked !== null && !/^[!-~]+$/.test(asked)) throw new ChatError('auth', 'Send a JWT.')
    const started = await (asked === null ? own.begin(old, signal) : transport.start(asked, signal, old))
    // Somebody else was named meanwhile, and it is they who wait for this session.
    if (asked !== (state.asker?.token ?? null)) return session.begin(old, signal)
    proven = asked
    return started
  }
  session.adopt = (info) => {
    // What follows was begun by another page, and proves nothing of this one's user.
    if (!info) proven = null
    own.adopt(info)
  }
  session.token = async (renew) => {
    // However long storage takes: who begins before it is known who was here last would be shown theirs, and ask what they asked.
    if (!state.session) await tellParts(core, 'restore')
    return own.token(renew || (state.asker?.token ?? proven) !== proven)
  }
  return () => proven
}

const isUser = (owner: string | undefined): boolean | undefined => owner?.startsWith('u_')

/** What `token` says is for the server to look into; whom it does not name can be told before. */
function isDenied(visitorId: string | undefined, token: string | null): boolean {
  try {
    const base64 = token?.split('.')[1] ?? ''
    const { sub } = JSON.parse(atob(base64.replace(/-/g, '+').replace(/_/g, '/'))) as { sub: string } // compared as text
    // Other letters are not decoded here.
    return !/[^ -~]/.test(sub) && visitorId !== `u_${sub}`
  } catch {
    return token === null
  }
}
