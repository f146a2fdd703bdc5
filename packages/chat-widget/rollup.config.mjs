import { rmSync } from 'node:fs'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import terser from '@rollup/plugin-terser'

const minify = terser({ module: true, ecma: 2022, format: { comments: false } })

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
    plugins: [nodeResolve({ browser: true, exportConditions: ['browser', 'import', 'default'] }), minify],
  },
  {
    input: { widget: 'dist/loader/loader.js' },
    // The address of the rest is known only at run time, so the import stays as it is.
    external: () => true,
    output: { dir: 'dist/cdn', format: 'iife', entryFileNames: '[name].js' },
    plugins: [terser({ ecma: 2022, format: { comments: false } })],
  },
]
