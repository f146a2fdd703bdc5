import { asChatError } from '../errors/chat-error.js'
import { withinLimit } from '../run/within-limit.js'
import type { Method } from '../transport/chat-transport.js'
import type { ClientCore } from './client-core.js'

/**
 * One call of the REST contract, as this visitor, within the limit of time that every request has. A token that the server does
 * not take any more, which a clock that is wrong cannot tell, is renewed once.
 * @returns `undefined` also where there is no server that keeps conversations
 * @throws ChatError
 */
export async function request<T>(
  core: ClientCore,
  method: Method,
  path: string,
  body?: object,
): Promise<T | undefined> {
  const { server } = core.transport
  if (!server) return undefined
  const call = async (renew: boolean): Promise<T> => {
    const token = await core.session.token(renew)
    return withinLimit(core, (signal) => server.request<T>({ token, signal }, method, path, body))
  }
  return call(false).catch((error: unknown) => {
    if (asChatError(error).status === 401) return call(true)
    throw error
  })
}
