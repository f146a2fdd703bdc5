import { expect, test } from 'vitest'
import { isPlainlyForbidden, isPublicAddress } from './public-address.js'

test.each([
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:8.8.8.8',
  '::ffff:127.0.0.1',
  '::127.0.0.1',
  '64:ff9b::7f00:1',
  'fe80::1',
  'fe80::1%eth0',
  'fc00::1',
  'fd12:3456::1',
  'fec0::1',
  'ff02::1',
  '2001::1',
  '2001:db8::1',
  '2002:7f00:1::',
  'localhost',
  '',
  '2130706433',
  '0x7f.1',
])('%s is not public', (address) => expect(isPublicAddress(address)).toBe(false))

test.each(['1.1.1.1', '8.8.8.8', '172.32.0.1', '100.128.0.1', '192.167.0.1', '2606:4700::1111', '2a00::1'])(
  '%s is public',
  (address) => expect(isPublicAddress(address)).toBe(true),
)

test.each([
  'https://127.0.0.1/keys',
  'https://[::1]/keys',
  'https://[::ffff:127.0.0.1]/keys',
  'https://2130706433/keys',
  'https://0x7f.1/keys',
  'https://10.0.0.1:8443/keys',
  'https://localhost/keys',
  'https://keys.LOCALHOST/',
  'https://me:secret@example.com/keys',
])('%s is plainly forbidden', (url) => expect(isPlainlyForbidden(url)).toBe(true))

test.each(['https://example.com/keys', 'https://8.8.8.8/keys', 'https://[2606:4700::1111]/keys', 'keys'])(
  '%s is not',
  (url) => expect(isPlainlyForbidden(url)).toBe(false),
)
