import { authorized, type ClientCore } from '../chat-client/client-core.js'
import { asChatError } from '../errors/chat-error.js'
import type { Method } from '../transport/chat-transport.js'

/**
 * One call of the REST contract, as this visitor. A token that the server does not take any more, which a clock that is wrong
 * cannot tell, is renewed once.
 * @returns `undefined` also where there is no server that keeps conversations
 */
export async function request<T>(
  core: ClientCore,
  method: Method,
  path: string,
  body?: object,
): Promise<T | undefined> {
  const { server } = core.transport
  if (!server) return undefined
  const call = await authorized(core)
  try {
    return await server.request<T>(call, method, path, body)
  } catch (error) {
    if (asChatError(error).status !== 401) throw error
    const token = await core.session.token(true)
    return server.request<T>({ ...call, token }, method, path, body)
  }
}
