import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { findProgram } from '../scripts/lib/services/find.mjs'
import { NODE, PNPM } from '../scripts/lib/toolchain.mjs'

const root = join(import.meta.dirname, '..')
const read = (path) => readFileSync(join(root, path), 'utf8')

const KNOWN = new Set([...read('.env.example').matchAll(/^#?([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name))
const unknown = (names) => names.filter((name) => !KNOWN.has(name))

const resources = Object.fromEntries(
  readdirSync(join(root, 'deploy/kubernetes')).map((name) => [
    name.replace('.yaml', ''),
    parseAllDocuments(read(`deploy/kubernetes/${name}`)).map((document) => {
      expect(document.errors, name).toEqual([])
      return document.toJS()
    })[0],
  ]),
)

test('the variables of the deployments are variables of the proxy', () => {
  const compose = parse(read('deploy/compose/compose.yaml'), { merge: true })
  expect(unknown(Object.keys(compose.services['proxy-1'].environment))).toEqual([])
  expect(unknown(Object.keys(resources.config.data))).toEqual([])
  const image = [...read('deploy/docker/Dockerfile').matchAll(/^(?:ENV |\s+)([A-Z][A-Z_]*)=/gm)].map(
    ([, name]) => name,
  )
  expect(unknown(image)).toEqual(['NODE_ENV'])
  const unit = [...read('deploy/systemd/colloquy.service').matchAll(/^Environment=([A-Z_]+)=/gm)].map(
    ([, name]) => name,
  )
  expect(unknown(unit)).toEqual(['NODE_ENV'])
})

test('with Compose the proxy is no superuser of PostgreSQL', () => {
  const { services } = parse(read('deploy/compose/compose.yaml'), { merge: true })
  const { username, pathname } = new URL(
    services['proxy-1'].environment.DATABASE_URL.replace(/\$\{[^}]+\}/, 'secret'),
  )
  expect(username).not.toBe(services.postgres.environment.POSTGRES_USER)
  const script = read('deploy/compose/create-login.sh')
  expect(script).toMatch(new RegExp(`^create role ${username} login nosuperuser `, 'm'))
  expect(script).toContain(`create database ${pathname.slice(1)} owner ${username};`)
  const mounted = services.postgres.volumes.map((volume) => volume.split(':'))
  expect(mounted).toContainEqual(['./create-login.sh', '/docker-entrypoint-initdb.d/create-login.sh', 'ro'])
})

describe('the image', () => {
  const dockerfile = read('deploy/docker/Dockerfile')

  test('is built with the versions that the tests run with', () => {
    expect(dockerfile).toContain(`NODE_VERSION=${NODE.pinned}\n`)
    expect(dockerfile).toContain(`PNPM_VERSION=${PNPM}\n`)
  })

  test('copies what is there, and runs as nobody special', () => {
    for (const [, paths] of dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)) {
      for (const path of paths.split(' ')) expect(existsSync(join(root, path)), path).toBe(true)
    }
    expect(dockerfile).toMatch(/^USER node$/m)
    expect(dockerfile).toMatch(/^HEALTHCHECK /m)
  })
})

const kubectl = findProgram(['kubectl'], (process.env.PATH ?? '').split(':'))

describe('the cluster', () => {
  const { deployment, service, ingress, autoscaler, kustomization } = resources
  const [container] = deployment.spec.template.spec.containers
  const labels = deployment.spec.template.metadata.labels

  test('every resource is listed', () => {
    const files = readdirSync(join(root, 'deploy/kubernetes')).filter((name) => name !== 'kustomization.yaml')
    expect(kustomization.resources.toSorted()).toEqual(files.toSorted())
  })

  test.skipIf(!kubectl)('kustomize makes all of it, in one namespace', () => {
    const made = parseAllDocuments(
      execFileSync(kubectl, ['kustomize', join(root, 'deploy/kubernetes')], { encoding: 'utf8' }),
    ).map((document) => document.toJS())
    expect(made).toHaveLength(kustomization.resources.length)
    const [namespace, ...inIt] = made.toSorted((a) => (a.kind === 'Namespace' ? -1 : 1))
    for (const { kind, metadata } of inIt) expect(metadata.namespace, kind).toBe(namespace.metadata.name)
  })

  test('everything that selects pods selects those of the deployment', () => {
    expect(deployment.spec.selector.matchLabels).toEqual(labels)
    expect(service.spec.selector).toEqual(labels)
    expect(resources['disruption-budget'].spec.selector.matchLabels).toEqual(labels)
    expect(resources['network-policy'].spec.podSelector.matchLabels).toEqual(labels)
    expect(autoscaler.spec.scaleTargetRef.name).toBe(deployment.metadata.name)
  })

  test('the ports meet', () => {
    const [port] = container.ports
    expect(service.spec.ports[0].targetPort).toBe(port.name)
    expect(ingress.spec.rules[0].http.paths[0].backend.service).toEqual({
      name: service.metadata.name,
      port: { name: service.spec.ports[0].name },
    })
    expect(resources['network-policy'].spec.ingress[0].ports).toEqual([{ port: port.containerPort }])
  })

  test('the limits are divided among as many pods as there may be', () => {
    expect(Number(resources.config.data.INSTANCES)).toBe(autoscaler.spec.maxReplicas)
  })

  test('a pod that goes has the time to let its answers end', () => {
    const { terminationGracePeriodSeconds } = deployment.spec.template.spec
    const grace =
      Number(resources.config.data.SHUTDOWN_GRACE_SECONDS) + container.lifecycle.preStop.sleep.seconds
    expect(terminationGracePeriodSeconds).toBeGreaterThan(grace)
  })

  test('no secret is in it', () => {
    expect(
      Object.keys(resources.config.data).filter((name) => /KEY|SECRET|TOKEN|PASSWORD|URL/.test(name)),
    ).toEqual([])
  })
})
