import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createChatProxy, type ChatProxy } from './composition-root.js'
import { ConfigError } from './config/config.js'
import { loadConfig } from './config/load-config.js'
import { newKey, signWith, type SigningKey } from './infrastructure/auth/testing/issuer.js'

/** A realm as it looks from outside: its keys, and the claims that its access tokens have. */
let realmServer: Server
let issuer: string
let signing: SigningKey
let asked: string[]
let server: Server
let proxy: ChatProxy
let base: string

const listening = (one: Server): Promise<string> =>
  new Promise((resolve) =>
    one.listen(0, '127.0.0.1', () => {
      // Listening on TCP, so the address has this form.
      resolve(`http://127.0.0.1:${(one.address() as AddressInfo).port}`)
    }),
  )
const closed = (one: Server): Promise<unknown> => {
  one.closeAllConnections()
  return new Promise((resolve) => one.close(resolve))
}

beforeEach(async () => {
  asked = []
  signing = await newKey('RS256', 'FJ86GcF3jTbNLOco4NvZkUCIUmfYCqoqtOQeMfbhNlE')
  const encryption = await newKey('RS256', 'for-encryption')
  realmServer = createServer((request, response) => {
    asked.push(request.url ?? '')
    const keys = [
      { ...encryption.jwk, use: 'enc', alg: 'RSA-OAEP' },
      { ...signing.jwk, x5c: ['MIIC'] },
    ]
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }))
  })
  issuer = `${await listening(realmServer)}/realms/shop`
  proxy = await createChatProxy({
    ...loadConfig({
      IDENTITY_PRESET: 'keycloak',
      IDENTITY_ISSUER: issuer,
      IDENTITY_AUDIENCE: 'chat',
      IDENTITY_ROLES: 'chat-admin=admin,support=agent',
      LOG_LEVEL: 'silent',
    }),
    store: { kind: 'sqlite', file: ':memory:' },
  })
  server = createServer(express().use(proxy.router))
  base = await listening(server)
})
afterEach(async () => {
  await closed(server)
  await proxy.close()
  await closed(realmServer)
})

const accessToken = (over: Record<string, unknown> = {}): Promise<string> => {
  const now = Math.floor(Date.now() / 1000)
  return signWith(signing, {
    exp: now + 300,
    iat: now,
    auth_time: now - 1,
    jti: 'onrtac:5b3ad1d8',
    iss: issuer,
    aud: ['chat', 'account'],
    sub: '8b2f4c1e-6a0b-4d2f-9a3e-0c1d2e3f4a5b',
    typ: 'Bearer',
    azp: 'shop-web',
    sid: '1f0c6a52-31f0-4d5c-8a37-c0ffee000000',
    acr: '1',
    'allowed-origins': ['https://shop.example.com'],
    realm_access: { roles: ['offline_access', 'default-roles-shop', 'uma_authorization'] },
    resource_access: { account: { roles: ['manage-account', 'view-profile'] } },
    scope: 'openid email profile',
    email_verified: true,
    preferred_username: 'ann',
    ...over,
  })
}

const start = async (token: string) => {
  const response = await fetch(`${base}/api/v1/chat/start`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
  })
  // The shape is what rest.test.ts is about.
  return { status: response.status, body: (await response.json()) as Record<string, string> }
}
const list = (token: string) =>
  fetch(`${base}/api/v1/conversations`, { headers: { authorization: `Bearer ${token}` } })

/** The role stands in the token that the proxy signs. */
const roleOf = async (over: Record<string, unknown>): Promise<unknown> => {
  const { body } = await start(await accessToken(over))
  const claims: unknown = JSON.parse(Buffer.from(body['token']?.split('.')[1] ?? '', 'base64url').toString())
  return (claims as { role?: unknown }).role
}

describe('access tokens of a Keycloak realm', () => {
  test('make their bearer a user, on every call and at the start of a session', async () => {
    const token = await accessToken()
    expect((await list(token)).status).toBe(200)
    const { status, body } = await start(token)
    expect(status).toBe(201)
    expect(body['visitor_id']).toBe('u_8b2f4c1e-6a0b-4d2f-9a3e-0c1d2e3f4a5b')
    expect((await list(body['token'] ?? '')).status).toBe(200)
    expect(asked).toEqual(['/realms/shop/protocol/openid-connect/certs'])
  })

  test('carry roles of the realm and of the client, and those of other clients mean nothing', async () => {
    expect(await roleOf({})).toBe('user')
    expect(await roleOf({ realm_access: { roles: ['support'] } })).toBe('agent')
    expect(await roleOf({ resource_access: { chat: { roles: ['chat-admin'] } } })).toBe('admin')
    expect(await roleOf({ resource_access: { other: { roles: ['chat-admin'] } } })).toBe('user')
    expect(await roleOf({ realm_access: { roles: ['admin'] } })).toBe('user')
  })

  test('for other clients, of other realms, or that have ended are refused', async () => {
    for (const over of [{ aud: 'account' }, { exp: Math.floor(Date.now() / 1000) - 31 }])
      expect((await start(await accessToken(over))).status).toBe(401)
    const other = await accessToken({ iss: issuer.replace('shop', 'other') })
    expect((await list(other)).status).toBe(401)
  })
})

test('settings that are not safe are refused when the proxy is made', async () => {
  const config = loadConfig({})
  const identity = {
    keys: { kind: 'secret', secret: 'short' },
    issuer: 'shop',
    audiences: ['chat'],
    claims: { roles: [], roleNames: {}, tenant: null },
  } as const
  await expect(createChatProxy({ ...config, identity })).rejects.toThrow(ConfigError)
})
