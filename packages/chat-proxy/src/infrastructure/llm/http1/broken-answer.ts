/** What came is no HTTP/1.1 answer, or ended before it was whole. Its bytes are left out: they may hold anything. */
export class BrokenAnswer extends Error {
  override readonly name = 'BrokenAnswer'
}
