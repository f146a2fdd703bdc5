import type { GrammarFunction } from '@highlightjs/cdn-assets/es/core.min.js'

/** A language's grammar, each a file of its own: an answer costs what it shows. */
const GRAMMARS = {
  bash: () => import('@highlightjs/cdn-assets/es/languages/bash.min.js'),
  c: () => import('@highlightjs/cdn-assets/es/languages/c.min.js'),
  cpp: () => import('@highlightjs/cdn-assets/es/languages/cpp.min.js'),
  csharp: () => import('@highlightjs/cdn-assets/es/languages/csharp.min.js'),
  css: () => import('@highlightjs/cdn-assets/es/languages/css.min.js'),
  diff: () => import('@highlightjs/cdn-assets/es/languages/diff.min.js'),
  dockerfile: () => import('@highlightjs/cdn-assets/es/languages/dockerfile.min.js'),
  go: () => import('@highlightjs/cdn-assets/es/languages/go.min.js'),
  graphql: () => import('@highlightjs/cdn-assets/es/languages/graphql.min.js'),
  ini: () => import('@highlightjs/cdn-assets/es/languages/ini.min.js'),
  java: () => import('@highlightjs/cdn-assets/es/languages/java.min.js'),
  javascript: () => import('@highlightjs/cdn-assets/es/languages/javascript.min.js'),
  json: () => import('@highlightjs/cdn-assets/es/languages/json.min.js'),
  kotlin: () => import('@highlightjs/cdn-assets/es/languages/kotlin.min.js'),
  less: () => import('@highlightjs/cdn-assets/es/languages/less.min.js'),
  lua: () => import('@highlightjs/cdn-assets/es/languages/lua.min.js'),
  makefile: () => import('@highlightjs/cdn-assets/es/languages/makefile.min.js'),
  markdown: () => import('@highlightjs/cdn-assets/es/languages/markdown.min.js'),
  objectivec: () => import('@highlightjs/cdn-assets/es/languages/objectivec.min.js'),
  perl: () => import('@highlightjs/cdn-assets/es/languages/perl.min.js'),
  php: () => import('@highlightjs/cdn-assets/es/languages/php.min.js'),
  powershell: () => import('@highlightjs/cdn-assets/es/languages/powershell.min.js'),
  python: () => import('@highlightjs/cdn-assets/es/languages/python.min.js'),
  r: () => import('@highlightjs/cdn-assets/es/languages/r.min.js'),
  ruby: () => import('@highlightjs/cdn-assets/es/languages/ruby.min.js'),
  rust: () => import('@highlightjs/cdn-assets/es/languages/rust.min.js'),
  scala: () => import('@highlightjs/cdn-assets/es/languages/scala.min.js'),
  scss: () => import('@highlightjs/cdn-assets/es/languages/scss.min.js'),
  sql: () => import('@highlightjs/cdn-assets/es/languages/sql.min.js'),
  swift: () => import('@highlightjs/cdn-assets/es/languages/swift.min.js'),
  typescript: () => import('@highlightjs/cdn-assets/es/languages/typescript.min.js'),
  xml: () => import('@highlightjs/cdn-assets/es/languages/xml.min.js'),
  yaml: () => import('@highlightjs/cdn-assets/es/languages/yaml.min.js'),
} as const satisfies Readonly<Record<string, () => Promise<{ readonly default: GrammarFunction }>>>

export type LanguageName = keyof typeof GRAMMARS

/** What else people call them, separated by blanks. */
const ALIASES: Partial<Readonly<Record<LanguageName, string>>> = {
  bash: 'sh shell zsh console',
  c: 'h',
  cpp: 'c++ cc hpp',
  csharp: 'c# cs',
  diff: 'patch',
  dockerfile: 'docker',
  go: 'golang',
  graphql: 'gql',
  ini: 'toml',
  javascript: 'js jsx mjs cjs node',
  json: 'json5 jsonc',
  kotlin: 'kt',
  makefile: 'make',
  markdown: 'md',
  objectivec: 'objc objective-c',
  perl: 'pl',
  powershell: 'ps ps1',
  python: 'py',
  ruby: 'rb',
  rust: 'rs',
  sql: 'postgresql mysql sqlite',
  typescript: 'ts tsx mts cts',
  xml: 'html svg vue svelte',
  yaml: 'yml',
}

/** Languages that stand inside another one. */
const INSIDE: Partial<Readonly<Record<LanguageName, readonly LanguageName[]>>> = {
  xml: ['css', 'javascript'],
  php: ['xml'],
}

// Every key is one of the table's own.
const NAMES = Object.keys(GRAMMARS) as LanguageName[]

const BY_WORD: ReadonlyMap<string, LanguageName> = new Map(
  NAMES.flatMap((name) => [name, ...(ALIASES[name]?.split(' ') ?? [])].map((word) => [word, name] as const)),
)

/** The language that an answer means by `word`; undefined where there is no grammar for it. */
export const languageNamed = (word: string): LanguageName | undefined => BY_WORD.get(word.toLowerCase())

export interface Grammar {
  readonly name: LanguageName
  readonly grammar: GrammarFunction
}

/** The grammar of a language, and of those that stand inside it. @throws what the browser says when one does not come */
export const loadGrammars = (name: LanguageName): Promise<readonly Grammar[]> =>
  Promise.all(
    [name, ...(INSIDE[name] ?? [])].map(async (each) => ({
      name: each,
      grammar: (await GRAMMARS[each]()).default,
    })),
  )
