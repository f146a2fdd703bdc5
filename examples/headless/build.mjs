// Bundles every example for a browser. `node build.mjs [folder]`; the tests import `bundle`.
import { build } from 'esbuild'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { compile as compileSvelte } from 'svelte/compiler'
import { compileScript, parse } from 'vue/compiler-sfc'

/** Each example, by the file that a page loads. */
export const EXAMPLES = {
  plain: 'plain/main.ts',
  react: 'react/main.tsx',
  vue: 'vue/main.ts',
  svelte: 'svelte/main.ts',
  'use-chat': 'use-chat/main.tsx',
  'assistant-ui': 'assistant-ui/main.tsx',
}

const svelte = {
  name: 'svelte',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.svelte$/ }, async ({ path }) => {
      const { js, warnings } = compileSvelte(await readFile(path, 'utf8'), { filename: path })
      return { contents: js.code, loader: 'ts', warnings: warnings.map(({ message: text }) => ({ text })) }
    }),
}

const vue = {
  name: 'vue',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.vue$/ }, async ({ path }) => {
      const { descriptor, errors } = parse(await readFile(path, 'utf8'), { filename: path })
      if (errors.length > 0) return { errors: errors.map(({ message: text }) => ({ text })) }
      const { content } = compileScript(descriptor, { id: path, inlineTemplate: true })
      return { contents: content, loader: 'ts' }
    }),
}

/**
 * One example as a script for a page.
 * @param {string} entry one of EXAMPLES
 * @returns {Promise<string>} with the address of the proxy as it stands in the example
 * @throws when anything in it does not compile, a warning included
 */
export async function bundle(entry) {
  const { outputFiles, warnings } = await build({
    absWorkingDir: import.meta.dirname,
    entryPoints: [entry],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    conditions: ['browser'],
    define: {
      'process.env.NODE_ENV': '"production"',
      __VUE_OPTIONS_API__: 'false',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    },
    plugins: [svelte, vue],
    logLevel: 'silent',
    outdir: 'dist',
    write: false,
  })
  if (warnings.length > 0) throw new Error(warnings.map(({ text }) => text).join('\n'))
  return outputFiles[0].text
}

if (process.argv[1] === import.meta.filename) {
  const { mkdir, writeFile } = await import('node:fs/promises')
  const folder = join(process.cwd(), process.argv[2] ?? 'dist')
  await mkdir(folder, { recursive: true })
  for (const [name, entry] of Object.entries(EXAMPLES))
    await writeFile(join(folder, `${name}.js`), await bundle(entry))
}
