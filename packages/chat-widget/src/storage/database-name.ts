/** One database for each proxy and key, so that two chats of one site do not mix. */
export const databaseName = (proxy: string, publishableKey: string): string =>
  `colloquy:${proxy}${publishableKey === '' ? '' : `#${publishableKey}`}`
