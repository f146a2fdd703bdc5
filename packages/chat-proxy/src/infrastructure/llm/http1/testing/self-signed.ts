import { generateKeyPairSync, sign } from 'node:crypto'

const tagged = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const content = Buffer.concat(parts)
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}
const sequence = (...parts: readonly Buffer[]): Buffer => tagged(0x30, ...parts)
const oid = (hex: string): Buffer => tagged(0x06, Buffer.from(hex, 'hex'))
const bits = (content: Buffer): Buffer => tagged(0x03, Buffer.of(0), content)
const time = (at: Date): Buffer =>
  tagged(
    0x17,
    Buffer.from(
      `${at
        .toISOString()
        .replaceAll(/[-:T]|\..*/g, '')
        .slice(2)}Z`,
    ),
  )

const ECDSA_WITH_SHA256 = sequence(oid('2a8648ce3d040302'))
const NAME = sequence(tagged(0x31, sequence(oid('550403'), tagged(0x0c, Buffer.from('test')))))
const DAY = 24 * 3_600_000
const LOOPBACK = tagged(0x87, Buffer.of(127, 0, 0, 1))
/** Is an authority, as it signs itself. */
const BASIC_CONSTRAINTS = sequence(oid('551d13'), tagged(0x04, sequence(tagged(0x01, Buffer.of(255)))))

const pem = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replaceAll(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`

/** A key, and a certificate for 127.0.0.1 and this name that nobody but itself has signed. */
export function selfSigned(name: string): { readonly key: string; readonly cert: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const names = sequence(oid('551d11'), tagged(0x04, sequence(LOOPBACK, tagged(0x82, Buffer.from(name)))))
  const content = sequence(
    tagged(0xa0, tagged(0x02, Buffer.of(2))),
    tagged(0x02, Buffer.of(1)),
    ECDSA_WITH_SHA256,
    NAME,
    sequence(time(new Date(Date.now() - DAY)), time(new Date(Date.now() + DAY))),
    NAME,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(BASIC_CONSTRAINTS, names)),
  )
  const cert = pem(sequence(content, ECDSA_WITH_SHA256, bits(sign('sha256', content, privateKey))))
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), cert }
}
