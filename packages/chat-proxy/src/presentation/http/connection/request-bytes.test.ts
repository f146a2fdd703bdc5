import { expect, test } from 'vitest'
import { RequestBytes } from './request-bytes.js'

const HEAD = 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 12\r\n\r\n'
const BODY = 'ab\r\n\r\ncd\r\n\r\n'

function counted(text: string, ...cuts: readonly number[]): RequestBytes {
  const bytes = new RequestBytes()
  const places = [0, ...cuts, text.length]
  for (const [index, start] of places.slice(0, -1).entries())
    bytes.add(Buffer.from(text.slice(start, places[index + 1])))
  return bytes
}

test('a request is whole wherever it is cut', () => {
  const text = HEAD + BODY
  for (let one = 0; one <= text.length; one += 1)
    for (let two = one; two <= text.length; two += 1)
      expect(counted(text, one, two).isJust(BODY.length), `${one} ${two}`).toBe(true)
})

test.each([
  ['nothing', ''],
  ['a part of the head', HEAD.slice(0, -1)],
  ['a part of the body', HEAD + BODY.slice(0, -1)],
  ['a byte of what follows', `${HEAD + BODY}G`],
])('%s is not just a request', (_, text) => {
  for (let cut = 0; cut <= text.length; cut += 1) expect(counted(text, cut).isJust(BODY.length)).toBe(false)
})
