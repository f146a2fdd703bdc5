import { serveWith } from '../../packages/chat-proxy/test/support/served-proxy.js'
import type { Listening } from '../children.js'
import './tell-memory.js'

/** The proxy in a process that can throw its garbage away: `node --expose-gc proxy.ts <port of the model>`. */
const env = {
  LLM_BASE_URL: `http://127.0.0.1:${process.argv[2]}/v1`,
  LLM_API_KEY: 'sk-bench',
  LLM_MODEL: 'bench',
}
const proxy = await serveWith({}, env)

process.on('disconnect', () => void proxy.close().then(() => process.exit()))
process.send?.({ port: proxy.port } satisfies Listening)
