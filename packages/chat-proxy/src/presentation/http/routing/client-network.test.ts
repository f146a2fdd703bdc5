import type { IncomingMessage } from 'node:http'
import { describe, expect, test } from 'vitest'
import { networkReader, type TrustProxy } from './client-network.js'

const nobody: TrustProxy = { kind: 'nobody' }
const hops = (count: number): TrustProxy => ({ kind: 'hops', hops: count })
const only = (...addresses: string[]): TrustProxy => ({ kind: 'addresses', addresses })

/** As much of a request as is read. */
const request = (remoteAddress: string | undefined, forwarded?: string): IncomingMessage =>
  ({
    socket: { remoteAddress },
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  }) as unknown as IncomingMessage

describe('where a request came from', () => {
  test.each<[string, TrustProxy, string | undefined, string | undefined, string | null]>([
    ['the other end of the connection', nobody, '203.0.113.7', undefined, '203.0.113.7'],
    ['no word of the client about itself', nobody, '203.0.113.7', '198.51.100.1', '203.0.113.7'],
    ['IPv4 in the dress of IPv6', nobody, '::ffff:203.0.113.7', undefined, '203.0.113.7'],
    ['IPv4 in the dress of IPv6, in numbers', nobody, '::FFFF:cb00:7107', undefined, '203.0.113.7'],
    ['the /64 of IPv6', nobody, '2001:db8:1:2:3:4:5:6', undefined, '2001:db8:1:2::/64'],
    ['the same /64, however it is written', nobody, '2001:0DB8:0001:2::9', undefined, '2001:db8:1:2::/64'],
    ['a short one', nobody, '2001:db8::1', undefined, '2001:db8:0:0::/64'],
    ['the loopback', nobody, '::1', undefined, '0:0:0:0::/64'],
    ['an interface of this machine', nobody, 'fe80::1%eth0', undefined, 'fe80:0:0:0::/64'],
    ['a socket without an address', nobody, undefined, undefined, null],
    ['one proxy says who', hops(1), '10.0.0.1', '198.51.100.1', '198.51.100.1'],
    [
      'what was forged before it came to the proxy',
      hops(1),
      '10.0.0.1',
      '1.1.1.1, 198.51.100.1',
      '198.51.100.1',
    ],
    ['two proxies', hops(2), '10.0.0.1', '1.1.1.1, 198.51.100.1, 10.0.0.2', '198.51.100.1'],
    ['fewer than were promised', hops(3), '10.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['a proxy that says nothing', hops(1), '10.0.0.1', undefined, '10.0.0.1'],
    ['a proxy that says nonsense', hops(1), '10.0.0.1', 'unknown', '10.0.0.1'],
    ['an address with a port', hops(1), '10.0.0.1', '198.51.100.1:4711', '198.51.100.1'],
    ['an IPv6 address with a port', hops(1), '10.0.0.1', '[2001:db8::1]:4711', '2001:db8:0:0::/64'],
    ['a proxy behind a socket without an address', hops(1), undefined, '198.51.100.1', '198.51.100.1'],
    ['a proxy that is known', only('10.0.0.1'), '10.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['a block of proxies', only('10.0.0.0/8'), '10.9.8.7', '1.1.1.1, 198.51.100.1, 10.0.0.2', '198.51.100.1'],
    ['a block of IPv6', only('2001:db8::/32'), '2001:db8::5', '198.51.100.1', '198.51.100.1'],
    [
      'a known one in the dress of IPv6',
      only('10.0.0.0/8'),
      '::ffff:10.0.0.1',
      '198.51.100.1',
      '198.51.100.1',
    ],
    ['somebody else who claims to be a proxy', only('10.0.0.0/8'), '203.0.113.7', '1.1.1.1', '203.0.113.7'],
    ['nothing but proxies', only('10.0.0.0/8'), '10.0.0.1', '10.0.0.2', '10.0.0.2'],
  ])('%s', (_, trust, remote, header, expected) => {
    expect(networkReader(trust)(request(remote, header))).toBe(expected)
  })

  test('the application around us, if it is told to be believed', () => {
    const mounted = Object.assign(request('10.0.0.1', '1.1.1.1'), { ip: '198.51.100.1' })
    expect(networkReader({ kind: 'host' })(mounted)).toBe('198.51.100.1')
    expect(networkReader(nobody)(mounted)).toBe('10.0.0.1')
  })
})
