import { SignJWT } from 'jose'
import type { IdentitySettings } from '../../domain/identity.js'

/** A site whose backend signs identity tokens with a secret. */
export const HOST_SECRET = 'what the host and the proxy alone know'

export const HOST_IDENTITY: IdentitySettings = {
  keys: { kind: 'secret', secret: HOST_SECRET },
  issuer: 'https://shop.example.com',
  audiences: ['chat'],
  claims: {
    roles: [['roles']],
    roleNames: { boss: 'admin', helper: 'agent' },
    tenant: ['tenants'],
  },
}

export interface HostClaims {
  readonly sub: string
  readonly tenants?: string | readonly string[]
  readonly roles?: readonly string[]
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

export const hostToken = ({ sub, tenants = 'default', roles = [], expiresAt }: HostClaims): Promise<string> =>
  new SignJWT({ tenants, roles })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(HOST_IDENTITY.issuer)
    .setAudience('chat')
    .setSubject(sub)
    .setExpirationTime(Math.floor(expiresAt / 1000))
    .sign(new TextEncoder().encode(HOST_SECRET))
