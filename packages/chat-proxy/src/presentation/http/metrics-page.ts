import type { RequestHandler } from 'express'
import type { HttpDeps } from './http-router.js'
import { answered } from './http-router.js'
import { text } from './reply.js'
import { bearerToken } from './routing/bearer-token.js'
import { sendReply } from './routing/send-reply.js'

/** `/metrics` for a port of its own, where nothing else is. @param isOpen whoever reaches it may read it */
export const metricsPage = (deps: HttpDeps, { isOpen }: { readonly isOpen: boolean }): RequestHandler =>
  answered(deps, '/metrics', async (request, response, { visit }) => {
    const { identifyMonitor, readMetrics } = deps.useCases
    if (!isOpen) identifyMonitor.execute(bearerToken(request.headers.authorization ?? null))
    const { contentType, text: body } = await readMetrics.execute()
    await sendReply(response, text(contentType, body), { ...deps, visit })
  })
