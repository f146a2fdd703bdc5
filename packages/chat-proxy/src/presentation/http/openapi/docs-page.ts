import { markup, prose, type Markup } from '../html/markup.js'
import { pagePolicy } from '../html/page-policy.js'
import { DOCS_STYLE } from './docs-style.js'
import type { MediaType, OpenApiDocument, Operation, Parameter, ResponseObject } from './openapi-types.js'
import { namedSchema, schemaOf } from './schema-markup.js'

export const DOCS_POLICY = pagePolicy(DOCS_STYLE)

interface Row {
  readonly method: string
  readonly path: string
  readonly operation: Operation
}

interface Chapter {
  readonly name: string
  readonly rows: readonly Row[]
}

/** A document as a page for people, whole in itself. */
export function docsPage({ info, tags, paths, components }: OpenApiDocument): string {
  const rows = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Row => ({ method, path, operation })),
  )
  const chapters = tags.map(({ name }): Chapter => ({
    name,
    rows: rows.filter(({ operation }) => operation.tags.includes(name)),
  }))
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${info.title} API</title>
<style>${DOCS_STYLE}</style>
</head>
<body>
<nav aria-label="Contents"><ul>${chapters.map(contentsOf)}<li><a href="#schemas">Schemas</a></li></ul></nav>
<main>
<h1>${info.title} API <small>${info.version}</small></h1>
<p>Every call, with what it takes and answers. As OpenAPI 3.1 for tools: <a href="openapi.json">openapi.json</a></p>
${chapters.map(chapterOf)}
<h2 id="schemas">Schemas</h2>
${Object.entries(components.schemas).map(namedSchema)}
</main>
</body>
</html>
`
  return page.text
}

const contentsOf = ({ name, rows }: Chapter): Markup => markup`<li>${name}<ul>${rows.map(linkTo)}</ul></li>`

const linkTo = ({ operation: { operationId } }: Row): Markup =>
  markup`<li><a href="#${operationId}">${operationId}</a></li>`

const chapterOf = ({ name, rows }: Chapter): Markup => markup`<h2>${name}</h2>${rows.map(sectionOf)}`

function sectionOf({ method, path, operation }: Row): Markup {
  const { operationId, summary, parameters = [], requestBody, responses, security } = operation
  return markup`<section id="${operationId}">
<h3><span class="method">${method.toUpperCase()}</span> <code>${path}</code></h3>
<p>${prose(summary)}</p>
<p class="access">${accessOf(security)}</p>
${parameters.length > 0 ? parameterTable(parameters) : []}
${requestBody ? bodyOf(requestBody) : []}
<h4>Answers</h4>
${Object.entries(responses).map(answerOf)}
</section>`
}

const ACCESS: Readonly<Record<string, string>> = {
  caller: 'Needs a session token or an identity token.',
  operator: 'Needs ADMIN_TOKEN.',
  monitor: 'Needs METRICS_TOKEN.',
}

function accessOf(security: Operation['security']): string {
  const [first = ''] = security.map((one) => Object.keys(one)[0])
  return ACCESS[first] ?? 'Open to everybody.'
}

const parameterTable = (parameters: readonly Parameter[]): Markup =>
  markup`<h4>Parameters</h4><table>${parameters.map(parameterOf)}</table>`

const parameterOf = ({ name, in: place, schema, description = '' }: Parameter): Markup =>
  markup`<tr><td><code>${name}</code></td><td>${place}</td><td>${schemaOf(schema)} ${prose(description)}</td></tr>`

const bodyOf = ({ required, content }: NonNullable<Operation['requestBody']>): Markup =>
  markup`<h4>Body${required ? '' : ' (optional)'}</h4>${contentOf(content)}`

function answerOf([status, { description, content = {} }]: readonly [string, ResponseObject]): Markup {
  const open = status.startsWith('2') ? markup` open` : []
  return markup`<details${open}><summary><b>${status}</b> ${prose(description)}</summary>${contentOf(content)}</details>`
}

const contentOf = (content: Readonly<Record<string, MediaType>>): readonly Markup[] =>
  Object.entries(content).map(
    ([mediaType, { schema, example }]) =>
      markup`<div class="content"><p><code>${mediaType}</code></p>${schemaOf(schema)}${example === undefined ? [] : exampleOf(example)}</div>`,
  )

const exampleOf = (example: unknown): Markup => markup`<pre>${JSON.stringify(example, null, 2)}</pre>`
