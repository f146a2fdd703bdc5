/** What somebody is told instead of a start. */
interface Told {
  readonly text: string
  /** Of the process: 0 for what was asked, 2 for what is not understood. */
  readonly exitCode: 0 | 2
}

const HELP = `Usage: chat-proxy [--help | --version]

Starts the proxy: http://127.0.0.1:8787, SQLite in ./data, and the built-in demo model until LLM_PROVIDER names another.
Settings are environment variables, or lines of a file .env in this folder; for example

  LLM_PROVIDER=groq LLM_API_KEY=gsk_… LLM_MODEL=openai/gpt-oss-120b PORT=8080 chat-proxy

A running proxy describes its API at /docs. Ctrl-C lets running answers end.`

/** @param args those behind the name of the program @returns `null` when nothing is asked: the proxy may start */
export function toldInsteadOfStart(args: readonly string[], version: () => string): Told | null {
  const [first] = args
  if (first === undefined) return null
  if (first === '--help' || first === '-h') return { text: HELP, exitCode: 0 }
  if (first === '--version' || first === '-v') return { text: version(), exitCode: 0 }
  return { text: `Not understood: ${args.join(' ')}\n\n${HELP}`, exitCode: 2 }
}
