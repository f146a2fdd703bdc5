import { asChatError, ChatError } from '../errors/chat-error.js'
import { driveRun } from '../run/drive-run.js'
import { REMEMBER_MS, type Rung } from '../run/ladder.js'
import type { RunOutcome } from './chat-client.js'
import { ofEveryPart, type ClientCore } from './client-core.js'
import type { ConversationState } from './conversation-state.js'
import { takeUpProgress } from './materialise.js'
import { markQuestion, settle } from './settle-turn.js'
import { stopOnServer } from './stop-on-server.js'
import type { Turn } from './turn.js'

/**
 * Runs a turn when the ones before it in its conversation have ended and `ready` has resolved. Resolves when the turn has
 * ended, however; never rejects.
 */
export function runTurn(
  core: ClientCore,
  conversation: ConversationState,
  turn: Turn,
  ready?: Promise<unknown>,
): Promise<RunOutcome> {
  conversation.parked.delete(turn.answerId)
  conversation.turns = [...conversation.turns, turn]
  core.store.touch()
  // A part that failed, or a turn that did, must not keep the next from being asked.
  const outcome = Promise.allSettled([conversation.ended, ready]).then(() => runNow(core, conversation, turn))
  conversation.ended = outcome
  return outcome
}

/** Asks for the end of every turn of the conversation. Resolves when all have ended. */
export async function stopTurns(core: ClientCore, { turns, ended }: ConversationState): Promise<void> {
  for (const turn of turns) {
    requestStop(core, turn)
    for (const hook of core.hooks) hook.stopping?.(turn)
  }
  await ended
}

export function requestStop(core: ClientCore, turn: Turn): void {
  if (turn.stop.signal.aborted) return
  turn.stop.abort(new ChatError('stopped', 'The answer was stopped.'))
  // A run that the server knows ends by its own terminal event, which the stream under way will bring.
  if (turn.progress.acknowledged) void stopOnServer(core, turn)
}

/** The turn's progress moved. */
export function noteProgress(core: ClientCore, conversation: ConversationState, turn: Turn): void {
  const isShown = conversation.tree.get(turn.answerId)?.status === 'streaming'
  if (turn.trouble || !isShown) onArrived(core, conversation, turn)
  core.store.touch()
}

/** The first event, or the first after trouble: the server has the question. */
function onArrived(core: ClientCore, conversation: ConversationState, turn: Turn): void {
  turn.trouble = null
  conversation.error = null
  conversation.onServer = true
  markQuestion(conversation, turn, 'sent')
  takeUpProgress(conversation)
  if (turn.stop.signal.aborted) void stopOnServer(core, turn)
  for (const hook of core.hooks) hook.arrived?.(conversation, turn)
}

async function runNow(core: ClientCore, conversation: ConversationState, turn: Turn): Promise<RunOutcome> {
  const { hooks, signal, store, transport } = core
  const { progress } = turn
  const drive = hooks.reduceRight(
    (inner, hook) => () => (hook.around ? hook.around(conversation, turn, inner) : inner()),
    () => driveTurn(core, conversation, turn),
  )
  const failure = await drive().then(() => null, asChatError)
  if (failure?.code === 'stopped' && progress.maybeSent) await stopOnServer(core, turn)
  const outcome = settle(conversation, turn, failure)
  // Where nobody keeps runs, or not this one, there is nothing to read on from.
  const isKept = transport.server && progress.acknowledged && failure?.status !== 404
  if (isKept && !progress.end) conversation.parked.set(turn.answerId, turn)
  conversation.turns = conversation.turns.filter((other) => other !== turn)
  if (!signal.aborted) await ofEveryPart(core, (hook) => hook.ended?.(conversation, turn))
  store.show()
  return outcome
}

async function driveTurn(core: ClientCore, conversation: ConversationState, turn: Turn): Promise<void> {
  const { state, session, store, hooks, platform } = core
  const { progress, stop, body, questionId, answerId } = turn
  if (!progress.acknowledged) stop.signal.throwIfAborted()
  if (state.rung && state.rung.until <= platform.now()) state.rung = null
  const rung = state.rung?.rung ?? 'stream'
  await driveRun({
    ...core,
    progress,
    stopSignal: stop.signal,
    rung,
    send: body && {
      conversationId: conversation.id,
      body,
      history: conversation.tree.branch(questionId ?? answerId),
    },
    token: (renew) => session.token(renew),
    prepare: (token, signal) => createOnServer(core, conversation, token, signal),
    onProgress(worked) {
      if (worked !== rung) noteRung(core, worked)
      noteProgress(core, conversation, turn)
      for (const hook of hooks) hook.progressed?.(turn)
    },
    onSlow(isSlow) {
      turn.isSlow = isSlow
      store.touch()
    },
    onTrouble(error) {
      turn.trouble = error
      store.touch()
    },
  })
}

function noteRung({ state, platform, hooks }: ClientCore, rung: Rung): void {
  if (state.rung?.rung === rung) return
  state.rung = { rung, until: platform.now() + REMEMBER_MS }
  for (const hook of hooks) hook.rungFound?.(state.rung)
}

async function createOnServer(
  { transport }: ClientCore,
  conversation: ConversationState,
  token: string,
  signal: AbortSignal,
): Promise<void> {
  if (conversation.onServer) return
  const call = { token, signal }
  await transport.server?.request(call, 'POST', '/conversations', { id: conversation.id })
  conversation.onServer = true
}
