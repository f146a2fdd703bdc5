import type { UseCases } from '../../../application/use-cases.js'
import type { Caller } from '../../../domain/caller.js'
import { completionBody } from '../openai/completion-body.js'
import { completionRequest } from '../openai/completion-request.js'
import { json } from '../reply.js'
import { endpoint, NO_BODY, NO_PARAMS, NO_QUERY, type Endpoint } from '../routing/endpoint.js'
import { ASKING, answersEvents, answersJson } from '../routing/documentation.js'
import { chatCompletion, modelList } from '../schemas/openai.js'

/** OpenAI's contract, for any of its clients. */
export const chatCompletions = ({ completeChat }: Pick<UseCases, 'completeChat'>): Endpoint<Caller> =>
  endpoint({
    doc: {
      name: 'createChatCompletion',
      group: 'Other clients',
      summary: "OpenAI's contract. Nothing is kept; a dropped connection stops the model.",
      example: { model: 'llama-3.3-70b-versatile', messages: [{ role: 'user', content: 'Hello!' }] },
      answers: {
        200: {
          description: 'The whole completion, or with `stream` its chunks and `[DONE]`.',
          contents: [
            { mediaType: 'application/json', schema: chatCompletion },
            ...answersEvents('').contents,
          ],
        },
      },
      refusals: [...ASKING, 404, 502],
    },
    params: NO_PARAMS,
    query: NO_QUERY,
    body: completionRequest,
    async handle({ body: { input, isStream, withUsage }, signal }, caller: Caller) {
      const completion = await completeChat.execute(caller, input, signal)
      if (isStream) return { kind: 'completion', completion, withUsage }
      return json(200, await completionBody(completion))
    },
  })

/** Nobody says when a model was made. */
const UNKNOWN_TIME = 0

export const listModels = ({ listModels }: Pick<UseCases, 'listModels'>): Endpoint<Caller> =>
  endpoint({
    doc: {
      name: 'listModels',
      group: 'Other clients',
      summary: 'The models that the caller may name.',
      answers: { 200: answersJson('The models.', modelList) },
    },
    params: NO_PARAMS,
    query: NO_QUERY,
    body: NO_BODY,
    async handle(_request, caller: Caller) {
      const names = await listModels.execute(caller)
      const data = names.map((id) => ({ id, object: 'model', created: UNKNOWN_TIME, owned_by: 'colloquy' }))
      return json(200, { object: 'list', data })
    },
  })
