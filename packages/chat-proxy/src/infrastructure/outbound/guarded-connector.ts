import { lookup as systemLookup, type LookupAddress } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { buildConnector } from 'undici'
import { OutboundError } from './outbound-error.js'
import { isPublicAddress } from './public-address.js'

/** Finds all addresses of a name. */
export type Resolve = (
  hostname: string,
  /** With an error there may be no list at all. */
  done: (error: Error | null, addresses: readonly LookupAddress[] | undefined) => void,
) => void

export const systemResolve: Resolve = (hostname, done) => systemLookup(hostname, { all: true }, done)

/**
 * Connects to public addresses alone. The check stands in the very lookup whose result is connected to, so that a name
 * cannot mean one address when it is checked and another one when it is used.
 */
export function guardedConnector(resolve: Resolve): buildConnector.connector {
  const connect = buildConnector({ lookup: publicLookup(resolve), allowH2: false })
  return (options, callback) => {
    // A literal address is never looked up.
    const host = options.hostname.replace(/^\[(.*)\]$/, '$1')
    if (isIP(host) !== 0 && !isPublicAddress(host)) callback(new OutboundError('forbidden-address'), null)
    else connect(options, callback)
  }
}

/** One private address among several is enough: an honest name has none. */
const publicLookup =
  (resolve: Resolve): LookupFunction =>
  (hostname, options, callback) =>
    resolve(hostname, (error, addresses) => {
      const [first] = addresses ?? []
      if (error) callback(new OutboundError('unreachable', error), '', 0)
      else if (!first || !addresses?.every(({ address }) => isPublicAddress(address)))
        callback(new OutboundError('forbidden-address'), '', 0)
      else if (options.all) callback(null, [...addresses])
      else callback(null, first.address, first.family)
    })
