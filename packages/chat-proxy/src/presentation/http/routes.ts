import type { UseCases } from '../../application/use-cases.js'
import type { Role } from '../../domain/caller.js'
import { apiDocs, openApi } from './endpoints/api-docs.js'
import { askOnce } from './endpoints/ask-once.js'
import { listKillSwitches, turnKillSwitch } from './endpoints/admin/kill-switches.js'
import {
  deleteTenant,
  getTenant,
  listTenants,
  rotateKey,
  saveTenant,
  updateTenant,
} from './endpoints/admin/tenants.js'
import { chatCompletions, listModels } from './endpoints/chat-completions.js'
import { createConversation } from './endpoints/create-conversation.js'
import { deleteConversation } from './endpoints/delete-conversation.js'
import { eraseMe } from './endpoints/erase-me.js'
import { exportData } from './endpoints/export-data.js'
import { followRun } from './endpoints/follow-run.js'
import { getConversation } from './endpoints/get-conversation.js'
import { getRun } from './endpoints/get-run.js'
import { liveness, readiness } from './endpoints/health.js'
import { getUsage } from './endpoints/get-usage.js'
import { metrics } from './endpoints/metrics.js'
import { listConversations } from './endpoints/list-conversations.js'
import { listExchanges } from './endpoints/list-exchanges.js'
import { putMessage } from './endpoints/put-message.js'
import { rateMessage } from './endpoints/rate-message.js'
import { restoreConversation } from './endpoints/restore-conversation.js'
import { sendMessage } from './endpoints/send-message.js'
import { startChat } from './endpoints/start-chat.js'
import { stopRun } from './endpoints/stop-run.js'
import { updateConversation } from './endpoints/update-conversation.js'
import { askInUiChat, resumeUiChat } from './endpoints/ui-chat.js'
import type { Route } from './routing/route.js'

/** Everybody who has proved who they are; each sees only what is their own. */
const SIGNED_IN: readonly Role[] = ['visitor', 'user', 'agent', 'admin']

/** The same, so many times a minute. */
const COUNTED = { access: SIGNED_IN, isCounted: true } as const

const CONVERSATIONS = '/api/v1/conversations'
const UI_CHAT = '/api/v1/ui/chat'
const RUN = '/api/v1/runs/:id'
const SWITCHES = '/api/v1/admin/kill-switches'
const TENANTS = '/api/v1/admin/tenants'

/** The route table: what exists, who may call it, and (in the endpoint) what a valid call looks like. */
export function routeTable(app: UseCases): readonly Route[] {
  const routes: readonly Route[] = [
    { method: 'GET', path: '/healthz', access: 'public', endpoint: liveness() },
    { method: 'GET', path: '/api/v1/healthz', access: 'public', endpoint: liveness('getApiHealth') },
    { method: 'GET', path: '/readyz', access: 'public', endpoint: readiness(app) },
    { method: 'GET', path: '/metrics', access: 'monitor', endpoint: metrics(app) },
    { method: 'POST', path: '/api/v1/chat/start', access: 'public', endpoint: startChat(app) },
    { method: 'POST', path: '/api/v1/chat', access: SIGNED_IN, endpoint: askOnce(app) },
    { method: 'GET', path: '/api/v1/chat/history', ...COUNTED, endpoint: listExchanges(app) },
    { method: 'POST', path: CONVERSATIONS, ...COUNTED, endpoint: createConversation(app) },
    { method: 'GET', path: CONVERSATIONS, ...COUNTED, endpoint: listConversations(app) },
    { method: 'GET', path: `${CONVERSATIONS}/:id`, ...COUNTED, endpoint: getConversation(app) },
    { method: 'PATCH', path: `${CONVERSATIONS}/:id`, ...COUNTED, endpoint: updateConversation(app) },
    { method: 'DELETE', path: `${CONVERSATIONS}/:id`, ...COUNTED, endpoint: deleteConversation(app) },
    {
      method: 'POST',
      path: `${CONVERSATIONS}/:id/restore`,
      ...COUNTED,
      endpoint: restoreConversation(app),
    },
    { method: 'PUT', path: `${CONVERSATIONS}/:id`, access: SIGNED_IN, endpoint: putMessage(app) },
    { method: 'POST', path: `${CONVERSATIONS}/:id/messages`, access: SIGNED_IN, endpoint: sendMessage(app) },
    { method: 'POST', path: '/api/v1/messages/:id/feedback', ...COUNTED, endpoint: rateMessage(app) },
    { method: 'POST', path: UI_CHAT, access: SIGNED_IN, endpoint: askInUiChat(app) },
    { method: 'GET', path: `${UI_CHAT}/:id/stream`, access: SIGNED_IN, endpoint: resumeUiChat(app) },
    { method: 'GET', path: RUN, access: SIGNED_IN, endpoint: getRun(app) },
    { method: 'GET', path: `${RUN}/events`, access: SIGNED_IN, endpoint: followRun(app) },
    { method: 'GET', path: '/api/v1/usage', access: SIGNED_IN, endpoint: getUsage(app) },
    { method: 'POST', path: '/v1/chat/completions', access: SIGNED_IN, endpoint: chatCompletions(app) },
    { method: 'GET', path: '/v1/models', access: SIGNED_IN, endpoint: listModels(app) },
    { method: 'POST', path: `${RUN}/stop`, access: SIGNED_IN, endpoint: stopRun(app) },
    { method: 'GET', path: TENANTS, access: 'operator', endpoint: listTenants(app) },
    { method: 'GET', path: `${TENANTS}/:id`, access: 'operator', endpoint: getTenant(app) },
    { method: 'PUT', path: `${TENANTS}/:id`, access: 'operator', endpoint: saveTenant(app) },
    { method: 'PATCH', path: `${TENANTS}/:id`, access: 'operator', endpoint: updateTenant(app) },
    { method: 'DELETE', path: `${TENANTS}/:id`, access: 'operator', endpoint: deleteTenant(app) },
    { method: 'POST', path: `${TENANTS}/:id/keys`, access: 'operator', endpoint: rotateKey(app) },
    { method: 'GET', path: SWITCHES, access: 'operator', endpoint: listKillSwitches(app) },
    { method: 'PUT', path: SWITCHES, access: 'operator', endpoint: turnKillSwitch(app) },
    { method: 'GET', path: '/api/v1/me/export', ...COUNTED, endpoint: exportData(app) },
    { method: 'DELETE', path: '/api/v1/me', ...COUNTED, endpoint: eraseMe(app) },
    { method: 'GET', path: '/openapi.json', access: 'public', endpoint: openApi(() => routes) },
    { method: 'GET', path: '/docs', access: 'public', endpoint: apiDocs(() => routes) },
  ]
  return routes
}
