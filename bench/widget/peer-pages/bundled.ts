import { build } from 'esbuild'
import { basename, dirname } from 'node:path'

const bundles = new Map<string, Promise<ReadonlyMap<string, string>>>()

/**
 * A script of a peer's page, in production form; parts that the peer loads when it needs them stay apart.
 * @param entry path of the page's own script
 */
export async function bundledPage(entry: string, file: string): Promise<string | undefined> {
  const bundle = bundles.get(entry) ?? bundled(entry)
  bundles.set(entry, bundle)
  return (await bundle).get(file)
}

async function bundled(entry: string): Promise<ReadonlyMap<string, string>> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    outdir: dirname(entry),
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"' },
    write: false,
  })
  return new Map(outputFiles.map(({ path, text }) => [basename(path), text]))
}
