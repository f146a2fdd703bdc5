import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const execute = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))
const OURS = ['chat-core', 'chat-widget', 'chat-proxy']

interface Manifest {
  readonly name: string
  readonly version: string
}

/** An npm registry on this machine: our packages as they would be published, and what they need as it is installed here. */
export interface PackageRegistry {
  readonly url: string
  close(): Promise<void>
}

export async function serveRegistry(): Promise<PackageRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'colloquy-registry-'))
  const packages = new Map<string, Map<string, { manifest: Manifest; tarball: () => Promise<Buffer> }>>()
  const add = (manifest: Manifest, tarball: () => Promise<Buffer>): void => {
    const versions = packages.get(manifest.name) ?? new Map<string, never>()
    packages.set(manifest.name, versions.set(manifest.version, { manifest, tarball }))
  }
  for (const at of await installedFolders()) add(await manifestIn(at), () => packedAs(at))
  for (const name of OURS) {
    const file = await pack(name, join(folder, name))
    add(await manifestOf(file), () => readFile(file))
  }
  const server = createServer((request, response) => {
    void answer(decodeURIComponent(request.url ?? '').slice(1)).then(
      (body) => response.writeHead(body === null ? 404 : 200).end(body ?? '{}'),
      () => response.destroy(),
    )
  })
  const answer = async (path: string): Promise<string | Buffer | null> => {
    const [name = '', version] = path.split('/-/')
    const versions = packages.get(name)
    if (!versions) return null
    if (version !== undefined) return (await versions.get(version)?.tarball()) ?? null
    const described = [...versions].map(([key, { manifest }]) => {
      return [key, { ...manifest, dist: { tarball: `${url}${name}/-/${key}` } }] as const
    })
    const newest = [...versions.keys()].toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1)
    return JSON.stringify({
      name,
      'dist-tags': { latest: newest },
      versions: Object.fromEntries(described),
    })
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on TCP has such an address.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return {
    url,
    async close() {
      server.closeAllConnections()
      server.close()
      await rm(folder, { recursive: true })
    },
  }
}

/** Every package of others that the workspace has installed, in the versions of the lockfile. */
async function installedFolders(): Promise<string[]> {
  const store = join(root, 'node_modules/.pnpm')
  const entries = await readdir(store)
  const found = await Promise.all(
    entries.map(async (entry) => {
      const name = packageOf(entry)
      const at = join(store, entry, 'node_modules', name)
      return manifestIn(at).then(
        () => [at],
        () => [],
      )
    }),
  )
  return found.flat()
}

/** From a folder's name in pnpm's store: `@scope+name@1.0.0_peer@2` is `@scope/name`. */
const packageOf = (entry: string): string => entry.slice(0, entry.indexOf('@', 1)).replace('+', '/')

// What npm's registries serve are such files.
const parse = (text: string): Manifest => JSON.parse(text) as Manifest

const manifestIn = async (folder: string): Promise<Manifest> =>
  parse(await readFile(join(folder, 'package.json'), 'utf8'))

async function manifestOf(tarball: string): Promise<Manifest> {
  const { stdout } = await execute('tar', ['-xzOf', tarball, 'package/package.json'])
  return parse(stdout)
}

async function packedAs(folder: string): Promise<Buffer> {
  // The same content in two places is one file in pnpm's store, and npm takes no links.
  const options = ['--hard-dereference', '--transform=s,^[.],package,', '--exclude=./node_modules']
  const args = [...options, '-C', folder, '-cf', '-', '.']
  const { stdout } = await execute('tar', args, { encoding: 'buffer', maxBuffer: 2 ** 28 })
  return stdout
}

async function pack(name: string, folder: string): Promise<string> {
  await mkdir(folder)
  await execute('pnpm', ['pack', '--pack-destination', folder], { cwd: join(root, 'packages', name) })
  const [file] = await readdir(folder)
  if (!file) throw new Error(`${name} could not be packed`)
  return join(folder, file)
}
