import { docsPage, DOCS_POLICY } from '../openapi/docs-page.js'
import { openApiDocument } from '../openapi/openapi-document.js'
import { text } from '../reply.js'
import { answersText } from '../routing/documentation.js'
import { endpoint, NO_BODY, NO_PARAMS, NO_QUERY, type Endpoint } from '../routing/endpoint.js'
import type { Route } from '../routing/route.js'

/** Made when it is first asked for: nothing of it changes while the process lives. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null
  return () => (made ??= { value: make() }).value
}

/** @param routes the table, which this endpoint is in, too */
export const openApi = (routes: () => readonly Route[]): Endpoint<null> => {
  const json = once(() => JSON.stringify(openApiDocument(routes())))
  return endpoint({
    doc: {
      name: 'getOpenApi',
      group: 'Operation',
      summary: 'This document: OpenAPI 3.1, made from the schemas that check requests.',
      answers: { 200: answersText('The document.', 'application/json') },
    },
    params: NO_PARAMS,
    query: NO_QUERY,
    body: NO_BODY,
    handle: () => Promise.resolve(text('application/json; charset=utf-8', json())),
  })
}

export const apiDocs = (routes: () => readonly Route[]): Endpoint<null> => {
  const page = once(() => docsPage(openApiDocument(routes())))
  return endpoint({
    doc: {
      name: 'getDocs',
      group: 'Operation',
      summary: 'The same for people, as a page.',
      answers: { 200: answersText('The page.', 'text/html') },
    },
    params: NO_PARAMS,
    query: NO_QUERY,
    body: NO_BODY,
    handle: () =>
      Promise.resolve(text('text/html; charset=utf-8', page(), { 'content-security-policy': DOCS_POLICY })),
  })
}
