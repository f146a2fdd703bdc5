import type { Route } from '../routing/route.js'

/** What a route's `:id` names, as the parts of a path before it say. */
export type SampleObject = 'conversation' | 'run' | 'message' | 'tenant'

const OBJECTS: Readonly<Record<string, SampleObject>> = {
  '/api/v1/conversations/': 'conversation',
  '/api/v1/ui/chat/': 'conversation',
  '/api/v1/runs/': 'run',
  '/api/v1/messages/': 'message',
  '/api/v1/admin/tenants/': 'tenant',
}

/** A body that is valid every time it is sent, with fresh ids made of `unique`. Routes that are not here need none. */
const BODIES: Readonly<Record<string, (unique: string) => object>> = {
  'POST /api/v1/conversations': () => ({}),
  'PATCH /api/v1/conversations/:id': () => ({ title: 'Another title' }),
  'PUT /api/v1/conversations/:id': () => ({ message: 'Hello?' }),
  'POST /api/v1/conversations/:id/messages': (unique) => ({ content: 'Hello?', run_id: `r_${unique}` }),
  'POST /api/v1/messages/:id/feedback': () => ({ rating: 'up' }),
  'PUT /api/v1/admin/tenants/:id': (unique) => ({ publishable_keys: [`pk_${unique}`] }),
  'PUT /api/v1/admin/kill-switches': () => ({ scope: 'tenant', tenant: 'default', off: false }),
  'PATCH /api/v1/admin/tenants/:id': () => ({ greeting: 'Hello!' }),
  'POST /api/v1/chat': () => ({ message: 'Hello?' }),
  'POST /api/v1/ui/chat': (unique) => ({
    id: `c_${unique}`,
    messages: [{ id: `m_${unique}`, role: 'user', parts: [{ type: 'text', text: 'Hello?' }] }],
  }),
  'POST /v1/chat/completions': () => ({
    model: 'scripted-1',
    messages: [{ role: 'user', content: 'Hello?' }],
  }),
}

/** Routes that do not say 404 for what is not there. */
const ABSENT: Readonly<Record<string, number>> = {
  // `useChat` asks on every load whether there is something to resume.
  'GET /api/v1/ui/chat/:id/stream': 204,
  // It comes into being.
  'PUT /api/v1/admin/tenants/:id': 201,
}

export const nameOf = ({ method, path }: Pick<Route, 'method' | 'path'>): string => `${method} ${path}`

/** `null` for a route without `:id`. @throws Error when nobody has said what the id names */
export function objectOf(route: Pick<Route, 'method' | 'path'>): SampleObject | null {
  if (!route.path.includes(':')) return null
  const [start = ''] = route.path.split(':')
  const object = OBJECTS[start]
  if (object) return object
  throw new Error(`Say in OBJECTS of route-samples.ts what the id in ${nameOf(route)} names.`)
}

export const bodyOf = (route: Pick<Route, 'method' | 'path'>, unique: string): object | undefined =>
  BODIES[nameOf(route)]?.(unique)

/** What a route answers about an object that is not there, and about one that is somebody else's. */
export const absentStatusOf = (route: Pick<Route, 'method' | 'path'>): number => ABSENT[nameOf(route)] ?? 404
