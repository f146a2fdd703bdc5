import { NO_BODY } from '../routing/endpoint.js'
import type { Route } from '../routing/route.js'

const WORDS: Readonly<Record<number, string>> = {
  400: 'Something in the request is not valid; `detail` says what.',
  401: 'Nobody is known by this token, or it has expired.',
  403: 'This caller, or a page of this origin, may not do it.',
  404: 'It is not there, or belongs to somebody else.',
  409: 'It contradicts what is there.',
  413: 'The body is too large, or the message in it too long.',
  422: 'A rule of this site forbids it.',
  429: 'A limit is reached; the answer says which, what is left, and when to come back.',
  500: 'A fault of ours.',
  502: 'The answer of the model broke off.',
  503: 'It cannot be done right now; Retry-After says when to come back.',
  504: 'The model took too long.',
}

/** Statuses that come with their place in the route table, and those the endpoint names itself, in order. */
export function refusalsOf(
  route: Route,
): readonly { readonly status: number; readonly description: string }[] {
  const { access, endpoint, path } = route
  const takesBody = endpoint.body !== NO_BODY
  const statuses = new Set([
    500,
    ...(access === 'public' ? [] : [401, 503]),
    // Which of several tenants is meant, and pages of other origins.
    ...(typeof access === 'string' ? [] : [400, 403]),
    // Without ADMIN_TOKEN or METRICS_TOKEN nothing is there.
    ...(access === 'operator' || access === 'monitor' || path.includes(':') ? [404] : []),
    ...(path.includes(':') ? [400] : []),
    ...('isCounted' in route ? [429] : []),
    ...(takesBody ? [400, 413, 503] : []),
    ...(endpoint.doc.refusals ?? []),
  ])
  return [...statuses]
    .filter((status) => !(status in endpoint.doc.answers))
    .toSorted((a, b) => a - b)
    .map((status) => ({ status, description: WORDS[status] ?? '' }))
}
