import { request } from 'node:http'
import { Duplex } from 'node:stream'

/** What node's own client makes of the bytes of an answer, after which the connection ends; `null`: it refuses them. */
export function readByNode(bytes: Buffer): Promise<{ status: number; body: string } | null> {
  const connection = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() })
  return new Promise((resolve) => {
    const refused = (): void => resolve(null)
    const sent = request({ createConnection: () => connection, method: 'POST' }, (response) => {
      let body = ''
      response
        .setEncoding('latin1')
        .on('data', (text: string) => (body += text))
        .on('error', refused)
        .on('end', () => resolve(response.complete ? { status: response.statusCode ?? 0, body } : null))
    })
    sent.on('error', refused).on('upgrade', refused).end()
    connection.push(bytes)
    connection.push(null)
  })
}
