import type { ChangeBody, RelayFault } from './relay.js'

const changed = (change: ChangeBody): RelayFault => ({ kind: 'change', change })

/** Passes on the first `bytes` bytes, then resets, closes or falls silent. */
export function cutAfter(bytes: number, how: 'reset' | 'end' | 'silence'): RelayFault {
  let room = bytes
  return changed((chunk, out) => {
    const part = chunk?.subarray(0, room) ?? Buffer.alloc(0)
    room -= part.length
    if (part.length > 0) out.write(part)
    if (room > 0 && chunk) return
    if (how === 'reset') setImmediate(() => out.socket?.resetAndDestroy())
    if (how === 'end') out.end()
  })
}

/** Resets right behind the frame that holds `text`. */
export function resetBehind(text: string): RelayFault {
  let seen = ''
  return changed((chunk, out) => {
    const before = Buffer.byteLength(seen)
    seen += chunk?.toString() ?? ''
    const at = seen.indexOf(text)
    const end = at < 0 ? -1 : seen.indexOf('\n\n', at)
    if (end < 0) {
      out.write(chunk ?? '')
      return
    }
    out.write(Buffer.from(seen).subarray(before, Buffer.byteLength(seen.slice(0, end + 2))))
    setImmediate(() => out.socket?.resetAndDestroy())
  })
}

/** Changes the text of every chunk. */
export const rewritten = (change: (text: string) => string): RelayFault =>
  changed((chunk, out) => {
    if (chunk) out.write(change(chunk.toString()))
    else out.end()
  })

/** Writes `text` once, behind the `count`-th frame. */
export function inserted(text: string, count: number): RelayFault {
  let frames = 0
  return rewritten((chunk) =>
    chunk.replaceAll('\n\n', () => ((frames += 1) === count ? `\n\n${text}` : '\n\n')),
  )
}

/** One write per byte, so that letters and line ends are cut in two. */
export const byteByByte = (): RelayFault =>
  changed((chunk, out) => {
    if (!chunk) out.end()
    for (const byte of chunk ?? []) out.write(Buffer.of(byte))
  })

/** Puts a byte order mark in front. */
export function withByteOrderMark(): RelayFault {
  let isFirst = true
  return rewritten((text) => {
    const marked = isFirst ? `\uFEFF${text}` : text
    isFirst = false
    return marked
  })
}

/** Passes nothing on before the answer has ended. */
export function buffered(): RelayFault {
  const held: Buffer[] = []
  return changed((chunk, out) => {
    if (chunk) held.push(chunk)
    else out.end(Buffer.concat(held))
  })
}

/** Sends every frame twice. */
export const doubled = (): RelayFault =>
  rewritten((text) => text.replaceAll(/id: [^\n]+\ndata: [^\n]+\n\n/g, (frame) => frame + frame))

export const answer = (status: number, headers?: Record<string, string>, body?: string): RelayFault => ({
  kind: 'answer',
  status,
  ...(headers && { headers }),
  ...(body !== undefined && { body }),
})
