import { connect, type Socket } from 'node:net'

/** A client that holds a connection with next to nothing. */
export interface BadClient {
  readonly name: string
  /** What it begins with, and what it then adds every second. */
  readonly first: string
  readonly drop: string
}

export const BAD_CLIENTS: readonly BadClient[] = [
  { name: 'silent', first: '', drop: '' },
  { name: 'headers letter by letter', first: 'POST /api/v1/chat/start HTTP/1.1\r\nx-slow: ', drop: 'a' },
  {
    name: 'body letter by letter',
    first:
      'POST /api/v1/chat/start HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 9999\r\n\r\n{',
    drop: ' ',
  },
  { name: 'idle after an answer', first: 'GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n', drop: '' },
]

const DROP_MS = 1_000

/** Stays for as long as it can. @returns for how long the server put up with it, in ms */
export function stay(port: number, { first, drop }: BadClient): Promise<number> {
  return new Promise((resolve) => {
    const socket: Socket = connect({ port, host: '127.0.0.1' })
    let since = performance.now()
    socket.on('connect', () => {
      since = performance.now()
      if (first) socket.write(first)
    })
    const timer = setInterval(() => drop && socket.writable && socket.write(drop), DROP_MS)
    const done = (): void => {
      clearInterval(timer)
      resolve(performance.now() - since)
    }
    socket.resume().on('error', done).on('close', done)
  })
}
