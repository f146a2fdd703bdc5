import { rmSync } from 'node:fs'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import terser from '@rollup/plugin-terser'
import { squeezeTemplates } from './squeeze-templates.mjs'

const minify = terser({
  module: true,
  ecma: 2022,
  compress: { passes: 3, pure_getters: true },
  format: { comments: false },
})

/**
 * `marked` ends with functions of its own around lexer, parser and renderer, which make something at once and so keep all of
 * it alive. We use the lexer alone.
 */
const lexerAlone = {
  name: 'lexer-alone',
  transform(code, id) {
    if (!id.endsWith('marked.esm.js')) return null
    const [tail] =
      /var (\w+)=new \w+;function \w+\(\w+,\w+\)\{return \1\.parse\([^]*;export\{[^}]*\};/.exec(code) ?? []
    const names = ['Lexer', 'Tokenizer'].map(
      (name) => new RegExp(`[{,]([\\w$]+ as ${name})[,}]`).exec(tail ?? '')?.[1],
    )
    if (!tail || names.includes(undefined))
      return this.error('marked has another shape now: see what its end looks like.')
    return { code: code.replace(tail, () => `export{${names.join()}};`), map: null }
  },
}

// Chunks carry a hash in their names: those of older builds would stay.
rmSync(new URL('dist/cdn', import.meta.url), { recursive: true, force: true })

/** Built from what `tsc -b` made. `widget.js` is the file that pages name; it fetches the rest from beside itself. */
export default [
  {
    input: { 'chat-widget': 'dist/define.js' },
    output: {
      dir: 'dist/cdn',
      format: 'es',
      entryFileNames: '[name].js',
      chunkFileNames: 'chat-widget-[name]-[hash].js',
    },
    plugins: [
      nodeResolve({ browser: true, exportConditions: ['browser', 'import', 'default'] }),
      lexerAlone,
      squeezeTemplates,
      minify,
    ],
  },
  {
    input: { widget: 'dist/loader/loader.js' },
    output: { dir: 'dist/cdn', format: 'iife', entryFileNames: '[name].js' },
    plugins: [
      nodeResolve(),
      squeezeTemplates,
      terser({ ecma: 2022, compress: { passes: 3 }, format: { comments: false } }),
    ],
  },
]
