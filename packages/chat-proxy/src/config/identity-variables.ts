import { z } from 'zod'
import type { ClaimPath, IdentityClaims } from '../domain/identity.js'

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
)

const CLAIM_RULE = 'must be names separated by dots, such as realm_access.roles; \\. is a dot within a name'

/** `a.b\.c` → `['a', 'b.c']`; `null` when a name is empty. */
function claimPathOf(text: string): ClaimPath | null {
  const names = text.split(/(?<!\\)\./).map((name) => name.replaceAll('\\.', '.'))
  const [first, ...others] = names
  return first === undefined || names.includes('') ? null : [first, ...others]
}

const claimPath = z.string().transform((text, context): ClaimPath => {
  const path = claimPathOf(text.trim())
  if (path) return path
  context.addIssue({ code: 'custom', message: CLAIM_RULE })
  return z.NEVER
})

const claimPaths = list.pipe(z.array(claimPath).min(1, CLAIM_RULE))

const ROLE_RULE =
  'must be pairs such as chat-admins=admin,support=agent; the right side is admin, agent or user'

const roleNames = list.transform((pairs, context): IdentityClaims['roleNames'] => {
  const names = new Map<string, 'admin' | 'agent' | 'user'>()
  for (const pair of pairs) {
    const [, theirs, ours] = /^(.+)=(admin|agent|user)$/.exec(pair) ?? []
    if (theirs !== undefined && (ours === 'admin' || ours === 'agent' || ours === 'user'))
      names.set(theirs.trim(), ours)
    else context.addIssue({ code: 'custom', message: ROLE_RULE })
  }
  return Object.fromEntries(names)
})

/** How users of the host site prove who they are. With none of these everybody is a visitor. */
export const IDENTITY_VARIABLES = {
  IDENTITY_SECRET: z
    .string()
    .optional()
    .describe(
      "Secret of at least 32 bytes that the site's own backend signs identity tokens with (HS256, HS384, HS512).",
    ),
  IDENTITY_JWKS_URL: z
    .string()
    .optional()
    .describe(
      'Where an identity provider publishes its keys (RS, PS, ES, EdDSA), instead of a secret. May be an address of a private network.',
    ),
  IDENTITY_ISSUER: z.string().optional().describe('"iss" of identity tokens, exactly as it stands in them.'),
  IDENTITY_AUDIENCE: list
    .optional()
    .describe('"aud" of identity tokens that are meant for this chat; one or several, separated by commas.'),
  IDENTITY_PRESET: z
    .enum(['keycloak'], 'must be keycloak')
    .optional()
    .describe(
      'keycloak sets IDENTITY_JWKS_URL from the issuer, and IDENTITY_ROLES_CLAIM to the realm roles and those of the clients in IDENTITY_AUDIENCE.',
    ),
  IDENTITY_ROLES_CLAIM: claimPaths
    .optional()
    .describe(
      'Where roles stand in a token, such as roles or realm_access.roles; several, separated by commas. Default: roles.',
    ),
  IDENTITY_ROLES: roleNames
    .optional()
    .describe(
      'What the names of roles mean here, such as chat-admins=admin,support=agent. Without it every user is a user.',
    ),
  IDENTITY_TENANT_CLAIM: claimPath
    .optional()
    .describe('Where the id of the tenant stands in a token, or a list of ids. Without it: default.'),
} as const
