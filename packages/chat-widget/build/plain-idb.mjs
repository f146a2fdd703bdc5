/**
 * `idb` gives cursors an iterator, in a piece of its own at the end of its one file. Nothing here walks by cursor: that piece is taken out.
 */
export const plainIdb = {
  name: 'plain-idb',
  transform(code, id) {
    if (!id.endsWith('/idb/build/index.js')) return null
    const [piece] = /const advanceMethodProps = [^]*(?=\nexport \{)/.exec(code) ?? []
    if (!piece) return this.error('idb has another shape now: see what its end looks like.')
    return { code: code.replace(piece, () => ''), map: null }
  },
}
