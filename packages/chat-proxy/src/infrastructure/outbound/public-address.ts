import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net'

/** Special-purpose ranges of the IANA registries that lie where public addresses lie. */
const SPECIAL_IPV4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const

/** Teredo and its neighbours, documentation, 6to4: each can lead to an IPv4 address inside. */
const SPECIAL_IPV6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const

const special = new BlockList()
for (const [net, prefix] of SPECIAL_IPV4) special.addSubnet(net, prefix, 'ipv4')
for (const [net, prefix] of SPECIAL_IPV6) special.addSubnet(net, prefix, 'ipv6')

/** All that IANA gives out for the internet. Loopback, link-local, unique local, mapped and translated IPv4 lie outside. */
const globalUnicast = new BlockList()
globalUnicast.addSubnet('2000::', 3, 'ipv6')

/**
 * Whether it stands in the URL itself that it leads to no public address, or with a password, so that it is never fetched. Where a
 * name leads is known when it is connected to.
 */
export function isPlainlyForbidden(url: string): boolean {
  const parsed = URL.parse(url)
  if (!parsed) return false
  const host = parsed.hostname.replace(/^\[(.*)\]$/, '$1')
  const isLocal = host === 'localhost' || host.endsWith('.localhost')
  const hasLogin = parsed.username !== '' || parsed.password !== ''
  return isLocal || hasLogin || (isIP(host) !== 0 && !isPublicAddress(host))
}

/** Whether an IP address is on the public internet. What is no IP address is not. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !special.check(address, 'ipv4')
  // A zone (`fe80::1%eth0`) belongs to addresses that never leave a link.
  if (!isIPv6(address) || address.includes('%')) return false
  return globalUnicast.check(address, 'ipv6') && !special.check(address, 'ipv6')
}
