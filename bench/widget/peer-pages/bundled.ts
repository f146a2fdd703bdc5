import { build } from 'esbuild'
import { basename, join } from 'node:path'

const bundles = new Map<string, Promise<ReadonlyMap<string, string>>>()

/** A script of a peer's page, in production form; parts that the peer loads when it needs them stay apart. */
export async function bundledPage(name: string, file: string): Promise<string | undefined> {
  const bundle = bundles.get(name) ?? bundled(name)
  bundles.set(name, bundle)
  return (await bundle).get(file)
}

async function bundled(name: string): Promise<ReadonlyMap<string, string>> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, `${name}.ts`)],
    outdir: import.meta.dirname,
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
