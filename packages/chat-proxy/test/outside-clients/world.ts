import { ScriptedModel } from '../../src/application/testing/scripted-model.js'
import { serveProxy } from '../support/served-proxy.js'
import { newVisitor } from '../support/visitor.js'

export type OutsideWorld = Awaited<ReturnType<typeof openWorld>>

/** A proxy on a real port with a model that the test plays, and a visitor of it. */
export async function openWorld() {
  const model = new ScriptedModel()
  const proxy = await serveProxy(model)
  return {
    model,
    proxy,
    token: await newVisitor(proxy.url),
    /** Where OpenAI's clients are pointed to. */
    baseURL: `${proxy.url}/v1`,
    close: () => proxy.close(),
  }
}
