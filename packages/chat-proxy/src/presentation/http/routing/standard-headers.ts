import type { ServerResponse } from 'node:http'

/** What every answer of the API carries. It is data for programs: no browser has a reason to render, frame or keep it. */
const HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-frame-options': 'DENY',
  'x-permitted-cross-domain-policies': 'none',
  // Pages of a tenant read by CORS, which this leaves alone; as an image or a script nobody may load it.
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
}

export function setStandardHeaders(response: ServerResponse, requestId: string): void {
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value)
  response.setHeader('x-request-id', requestId)
  // A host application may have added it before us.
  response.removeHeader('x-powered-by')
}
