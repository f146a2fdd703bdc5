import { readFile } from 'node:fs/promises'

const NAMED = /^```\w+ \[([^\]]+)\]\n(.*?)^```$/gms

/**
 * What a page of the docs tells its reader to write or to run: the code blocks that have a name, ```` ```js [server.mjs] ````.
 * No reader sees that name, so the words before a file have to say it.
 */
export async function namedBlocks(page: string): Promise<(name: string) => string> {
  const text = await readFile(new URL(`../../docs/${page}`, import.meta.url), 'utf8')
  const blocks = new Map<string, string>()
  let end = 0
  for (const { 0: block, 1: name = '', 2: code = '', index } of text.matchAll(NAMED)) {
    const words = text.slice(end, index).split('```').at(-1) ?? ''
    if (name.includes('.') && !words.includes(`\`${name}\``))
      throw new Error(`docs/${page} does not tell its reader that the block [${name}] is a file of that name`)
    blocks.set(name, code)
    end = index + block.length
  }
  return (name) => {
    const code = blocks.get(name)
    if (code === undefined) throw new Error(`docs/${page} has no block [${name}]`)
    return code
  }
}
