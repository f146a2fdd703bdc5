import type { IncomingMessage } from 'node:http'
import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net'

/**
 * Whose word about the client's address counts.
 *
 * - `nobody`: the other end of the connection is the client.
 * - `hops`: so many proxies stand in front, each of which appends to `X-Forwarded-For` whom it talks to.
 * - `addresses`: these, as addresses or as CIDR blocks, are proxies; the client is the first one that is none.
 * - `host`: the application that the proxy is mounted in knows it, as Express's `request.ip`.
 */
export type TrustProxy =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'host' }
  | { readonly kind: 'hops'; readonly hops: number }
  | { readonly kind: 'addresses'; readonly addresses: readonly string[] }

/** Finds where a request came from: an IPv4 address, the /64 of an IPv6 address, or `null` when nobody says. */
export type NetworkOf = (request: IncomingMessage & { readonly ip?: string | undefined }) => string | null

export function networkReader(trust: TrustProxy): NetworkOf {
  if (trust.kind === 'host') return ({ ip }) => networkOf(ip ?? '')
  const isProxy = proxyTest(trust)
  return (request) => {
    let client = request.socket.remoteAddress ?? ''
    const named = forwarded(request)
    for (let hop = 0; isProxy(client, hop); hop += 1) {
      const next = addressIn(named[named.length - 1 - hop] ?? '')
      if (next === null) break
      client = next
    }
    return networkOf(client)
  }
}

/** @throws when it is neither an address nor a block */
export function addTo(list: BlockList, entry: string): void {
  const [address = '', bits, ...rest] = entry.split('/')
  const family = isIPv6(address) ? 'ipv6' : 'ipv4'
  if (!isIP(address) || rest.length > 0 || (bits !== undefined && !/^\d{1,3}$/.test(bits))) {
    throw new TypeError('not an address')
  }
  if (bits === undefined) list.addAddress(address, family)
  else list.addSubnet(address, Number(bits), family)
}

type ProxyTest = (address: string, hop: number) => boolean

function proxyTest(trust: TrustProxy): ProxyTest {
  switch (trust.kind) {
    case 'nobody':
    case 'host':
      return () => false
    case 'hops':
      return (_, hop) => hop < trust.hops
    case 'addresses': {
      const proxies = new BlockList()
      for (const entry of trust.addresses) addTo(proxies, entry)
      return (address) => {
        const plain = plainAddress(address)
        return isIP(plain) !== 0 && proxies.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4')
      }
    }
  }
}

/** Node joins repeated headers with a comma. */
function forwarded({ headers }: IncomingMessage): readonly string[] {
  const header = headers['x-forwarded-for']
  return (Array.isArray(header) ? header.join(',') : (header ?? '')).split(',').map((part) => part.trim())
}

/** Some proxies add the port. */
function addressIn(entry: string): string | null {
  const bare =
    /^\[(.*)\](?::\d+)?$/.exec(entry)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(entry)?.[1] ?? entry
  return isIP(bare) === 0 ? null : bare
}

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i

/** An IPv4 address that came in the dress of IPv6 is one; a zone names an interface of this machine. */
function plainAddress(address: string): string {
  const [bare = ''] = address.split('%')
  return MAPPED.exec(bare)?.[1] ?? bare
}

function networkOf(address: string): string | null {
  const plain = plainAddress(address)
  if (isIPv4(plain)) return plain
  if (!isIPv6(plain)) return null
  const groups = groupsOf(plain)
  const isMapped = groups.slice(0, 6).join(':') === '0:0:0:0:0:ffff'
  return isMapped ? dotted(groups) : `${groups.slice(0, 4).join(':')}::/64`
}

/** Eight hexadecimal numbers without leading zeros. */
function groupsOf(address: string): readonly string[] {
  // As the URL standard writes it: lower case, no dots, the longest run of zeros left out.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const before = head === '' ? [] : head.split(':')
  if (tail === undefined) return before
  const after = tail === '' ? [] : tail.split(':')
  return [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after]
}

function dotted(groups: readonly string[]): string {
  return groups
    .slice(6)
    .map((group) => Number.parseInt(group, 16))
    .flatMap((number) => [number >> 8, number & 0xff])
    .join('.')
}
