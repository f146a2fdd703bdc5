/** Whose shape an answer has: that of our own API, or that of OpenAI's under `/v1`. */
export type Api = 'colloquy' | 'openai'

export const apiOf = (path: string): Api => (/^\/v1(\/|$)/.test(path) ? 'openai' : 'colloquy')
