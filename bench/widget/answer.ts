/** Markdown as models write it, in pieces of a token each, the same for the same seed. */
export function answerOf(tokens: number, seed: number): string[] {
  const random = mulberry32(seed)
  const pieces: string[] = []
  while (pieces.length < tokens) pieces.push(...pick(BLOCKS, random)(random))
  return pieces.slice(0, tokens)
}

type Random = () => number
type Block = (random: Random) => string[]

const WORDS = (
  'the of to and a in is it that for on with as are this be by from at or an which can not you we have will your all ' +
  'if model token answer value server request browser result number because between without stream memory example'
).split(' ')

const pick = <T>(items: readonly [T, ...T[]] | readonly T[], random: Random): T => {
  const item = items[Math.floor(random() * items.length)]
  if (item === undefined) throw new Error('Nothing to pick from.')
  return item
}

function sentence(random: Random, length: number): string[] {
  return Array.from({ length }, (_, index) => {
    const word = pick(WORDS, random)
    const marked = random() < 0.04 ? `**${word}**` : random() < 0.03 ? `\`${word}\`` : word
    return (index === 0 ? '' : ' ') + marked
  })
}

const paragraph: Block = (random) => [...sentence(random, 40 + Math.floor(random() * 60)), '.', '\n\n']
const heading: Block = (random) => ['##', ' ', ...sentence(random, 5), '\n\n']
const list: Block = (random) => [
  ...Array.from({ length: 5 }, () => ['-', ' ', ...sentence(random, 14), '\n']).flat(),
  '\n',
]
const code: Block = (random) => [
  '```',
  'ts',
  '\n',
  ...Array.from({ length: 8 }, () => [
    'const',
    ' ',
    pick(WORDS, random),
    ' =',
    ' ',
    pick(WORDS, random),
    '()',
    '\n',
  ]).flat(),
  '```',
  '\n\n',
]
const table: Block = (random) => [
  '| a ',
  '| b ',
  '|\n',
  '| --- ',
  '| --- ',
  '|\n',
  ...Array.from({ length: 6 }, () => [
    '| ',
    ...sentence(random, 3),
    ' | ',
    ...sentence(random, 3),
    ' |\n',
  ]).flat(),
  '\n',
]
const BLOCKS: readonly Block[] = [paragraph, paragraph, paragraph, heading, list, code, table]

/** A small generator of known quality: public domain, by Tommy Ettinger. */
export function mulberry32(seed: number): Random {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
