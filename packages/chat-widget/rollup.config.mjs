import { rmSync } from 'node:fs'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import terser from '@rollup/plugin-terser'

const minify = terser({ module: true, ecma: 2022, format: { comments: false } })

/** Style sheets are text in templates, which no minifier touches. */
const squeezeStyles = {
  name: 'squeeze-styles',
  transform: (code, id) =>
    /(\.styles|-css)\.js$/.test(id)
      ? {
          code: code.replace(/(?<=`)[^`]*(?=`)/g, (css) =>
            css
              .replace(/\/\*[^]*?\*\//g, '')
              .replace(/\s+/g, ' ')
              .replace(/ ?([{};,]) ?/g, '$1')
              .replace(/: /g, ':')
              .replace(/;}/g, '}')
              .trim(),
          ),
          map: null,
        }
      : null,
}

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
    // The helpers that TypeScript writes for decorators ask for it.
    context: 'globalThis',
    output: {
      dir: 'dist/cdn',
      format: 'es',
      entryFileNames: '[name].js',
      chunkFileNames: 'chat-widget-[name]-[hash].js',
    },
    plugins: [
      nodeResolve({ browser: true, exportConditions: ['browser', 'import', 'default'] }),
      lexerAlone,
      squeezeStyles,
      minify,
    ],
  },
  {
    input: { widget: 'dist/loader/loader.js' },
    output: { dir: 'dist/cdn', format: 'iife', entryFileNames: '[name].js' },
    plugins: [
      nodeResolve(),
      squeezeStyles,
      terser({ ecma: 2022, compress: { passes: 3 }, format: { comments: false } }),
    ],
  },
]
