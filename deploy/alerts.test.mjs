import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { createChatProxy, loadConfig } from '../packages/chat-proxy/dist/index.js'

const root = join(import.meta.dirname, '..')
const read = (path) => readFileSync(join(root, path), 'utf8')
const proxyRequire = createRequire(join(root, 'packages/chat-proxy/package.json'))

const rules = parse(read('deploy/prometheus/alerts.yml')).groups.flatMap((group) => group.rules)
const TOKEN = 'a-token-of-the-monitor'
/** What Prometheus adds by itself. */
const OF_PROMETHEUS = new Set(['up', 'job', 'instance', 'le'])

let folder
let proxy
let server
/** By name: the labels that its series have. */
const metrics = new Map()
/** What `/metrics` says of a process that has done nothing yet. */
let untouched

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'colloquy-alerts-'))
  const settings = {
    METRICS_TOKEN: TOKEN,
    DATA_DIR: folder,
    LOG_LEVEL: 'silent',
    SESSIONS_PER_MINUTE_IP: '1',
  }
  proxy = await createChatProxy(loadConfig(settings))
  server = createServer(proxyRequire('express')().use(proxy.router))
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${server.address().port}`
  const page = async () =>
    (await fetch(`${base}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } })).text()
  untouched = await page()
  await useEverything(base)
  const text = await page()
  for (const [, name] of text.matchAll(/^# TYPE (\S+) /gm)) metrics.set(name, new Set())
  for (const [, name, labels = ''] of text.matchAll(/^(\w+)(?:\{(.*)\})? \S+$/gm)) {
    const known = metrics.get(name) ?? new Set()
    for (const [, label] of labels.matchAll(/(\w+)="/g)) known.add(label)
    metrics.set(name, known)
  }
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await proxy.close()
  rmSync(folder, { recursive: true })
})

/** An answer, a refusal and a limit that is met. */
async function useEverything(base) {
  const start = () => fetch(`${base}/api/v1/chat/start`, { method: 'POST' })
  const { token } = await (await start()).json()
  expect((await start()).status).toBe(429)
  const asked = await fetch(`${base}/api/v1/chat`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ message: 'Hello?' }),
  })
  expect(asked.status).toBe(200)
}

/** Names of metrics, with the labels that are named in the same braces. */
function selectors(expr) {
  const named = [...expr.matchAll(/\b(up|colloquy_\w+|process_\w+|nodejs_\w+)(?:\{([^}]*)\})?/g)]
  return named.map(([, name, matchers = '']) => ({
    name,
    matchers: [...matchers.matchAll(/(\w+)\s*=~?\s*"([^"]*)"/g)].map(([, label, value]) => ({
      label,
      value,
    })),
  }))
}

/** Each way to choose one value of every matcher, as labels are written. */
const combinations = (matchers) =>
  matchers.reduce(
    (all, { label, value }) =>
      all.flatMap((some) => value.split('|').map((one) => [...some, `${label}="${one}"`])),
    [[]],
  )

describe('of a process that has done nothing yet the alerts', () => {
  // A series that begins with its first event does not grow by it: Prometheus has nothing to compare that with.
  test('see from 0 on what they watch grow', () => {
    const watched = rules.flatMap(({ expr }) =>
      [...expr.matchAll(/increase\((\w+\{[^}]*\})/g)].flatMap(([, selector]) => selectors(selector)),
    )
    expect(watched.length).toBeGreaterThan(2)
    for (const { name, matchers } of watched)
      for (const labels of combinations(matchers))
        expect(untouched.split('\n')).toContainEqual(
          expect.stringMatching(
            new RegExp(`^${name}\\{${labels.map((label) => `(?=.*${label})`).join('')}.*\\} 0$`),
          ),
        )
  })

  test('are told that nothing is away', () => {
    expect(untouched).toContain('colloquy_rate_limits_shared 1\n')
    expect(untouched).toContain('colloquy_database_up 1\n')
  })
})

describe('the alerts', () => {
  test('read metrics and labels that /metrics has', () => {
    for (const { alert, expr } of rules) {
      const found = selectors(expr)
      expect(found.length, alert).toBeGreaterThan(0)
      for (const { name, matchers } of found) {
        if (OF_PROMETHEUS.has(name)) continue
        expect(metrics.has(name), `${alert} reads ${name}`).toBe(true)
        // What a provider does is told by real ones alone; the demo model has none.
        const labels = metrics.get(name)
        for (const { label } of matchers)
          expect(OF_PROMETHEUS.has(label) || labels.has(label), `${alert} reads ${label} of ${name}`).toBe(
            true,
          )
      }
    }
  })

  test('compare with values that the proxy has words for', () => {
    const words = ['domain/errors.ts', 'domain/limits.ts', 'domain/ports/meter.ts'].map((file) =>
      read(`packages/chat-proxy/src/${file}`),
    )
    const known = new Set(
      [...words, read('packages/chat-core/src/protocol/runs.ts')].flatMap((text) =>
        [...text.matchAll(/'([\w-]+)'/g)].map(([, word]) => word),
      ),
    )
    const values = rules
      .flatMap(({ expr }) => selectors(expr))
      .flatMap(({ matchers }) => matchers)
      .filter(({ label }) => !OF_PROMETHEUS.has(label) && label !== 'status')
      .flatMap(({ value }) => value.split('|'))
    expect(values.length).toBeGreaterThan(5)
    expect(values.filter((value) => !known.has(value))).toEqual([])
  })

  test('have a severity, words, and a runbook each, and no runbook is of none', () => {
    const headings = [...read('docs/operate.md').matchAll(/^### (Colloquy\w+)$/gm)].map(([, name]) => name)
    expect(headings.toSorted()).toEqual(rules.map(({ alert }) => alert).toSorted())
    for (const { alert, labels, annotations } of rules) {
      expect(['critical', 'warning']).toContain(labels.severity)
      expect(annotations.summary).toMatch(/\.$/)
      expect(annotations.runbook_url).toBe(`docs/operate.md#${alert.toLowerCase()}`)
    }
  })
})
