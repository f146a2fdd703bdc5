const found = document.querySelector('main')
if (!found) throw new Error('The page has no place for the peer.')

/** Where the peer is mounted. */
export const main = found
