import { rmSync } from 'node:fs'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import terser from '@rollup/plugin-terser'
import { compileViews } from './build/compile-views.mjs'
import { lexerAlone } from './build/lexer-alone.mjs'
import { notices } from './build/notices.mjs'
import { plainDecorators } from './build/plain-decorators.mjs'
import { plainIdb } from './build/plain-idb.mjs'
import { squeezeTemplates } from './build/squeeze-templates.mjs'

const minify = terser({
  module: true,
  ecma: 2022,
  // No function expression is called with `new`, the classes of the dependencies are classes.
  compress: { passes: 3, pure_getters: true, unsafe_arrows: true },
  format: { comments: false },
})

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
      plainIdb,
      plainDecorators,
      compileViews,
      squeezeTemplates,
      minify,
      notices,
    ],
  },
  {
    input: { widget: 'dist/loader/loader.js' },
    output: { dir: 'dist/cdn', format: 'iife', entryFileNames: '[name].js', strict: false },
    plugins: [
      nodeResolve(),
      plainDecorators,
      compileViews,
      squeezeTemplates,
      // No function of it has a `this`.
      terser({
        ecma: 2022,
        compress: { passes: 3, unsafe_arrows: true },
        format: { comments: false },
      }),
    ],
  },
]
