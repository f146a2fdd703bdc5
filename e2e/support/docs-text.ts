import { readFile } from 'node:fs/promises'

/** What a page of the docs tells its reader to write or to run: the code blocks that have a name, ```` ```js [server.mjs] ````. */
export async function namedBlocks(page: string): Promise<(name: string) => string> {
  const text = await readFile(new URL(`../../docs/${page}`, import.meta.url), 'utf8')
  const blocks = new Map<string, string>()
  for (const [, name = '', code = ''] of text.matchAll(/^```\w+ \[([^\]]+)\]\n(.*?)^```$/gms))
    blocks.set(name, code)
  return (name) => {
    const code = blocks.get(name)
    if (code === undefined) throw new Error(`docs/${page} has no block [${name}]`)
    return code
  }
}
