import { asChatError, ChatError } from '../errors/chat-error.js'
import { driveRun } from '../run/drive-run.js'
import { REMEMBER_MS, type Rung } from '../run/ladder.js'
import type { RunOutcome } from './chat-client.js'
import { tellParts, type ClientCore } from './client-core.js'
import type { ConversationState } from './conversation-state.js'
import { takeUpProgress } from './materialise.js'
import { request } from './request.js'
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

/**
 * Asks for the end of every turn of the conversation, also of those that contact was lost with. Resolves when all have ended, or
 * when the server could not be told, which the conversation's error says.
 */
export async function stopTurns(core: ClientCore, conversation: ConversationState): Promise<void> {
  for (const turn of conversation.parked.values()) void runTurn(core, conversation, turn)
  void tellParts(core, 'stopping', conversation)
  const { turns, ended } = conversation
  const undelivered = turns.map(async (turn) => {
    if (!(await requestStop(core, conversation, turn))) await ended
  })
  await Promise.race([ended, ...undelivered])
}

/** May be called again, for a stop that did not get to the server. @returns as {@link deliverStop} */
export async function requestStop(
  core: ClientCore,
  conversation: ConversationState,
  turn: Turn,
): Promise<ChatError | null> {
  turn.stop.abort(new ChatError('stopped', 'The answer was stopped.'))
  // A run that the server knows ends by its own terminal event, which the stream under way will bring.
  return turn.progress.acknowledged ? deliverStop(core, conversation, turn) : null
}

/** @returns why the server could not be told; people hear of it, and a wake or a second stop tries again */
async function deliverStop(
  core: ClientCore,
  conversation: ConversationState,
  turn: Turn,
): Promise<ChatError | null> {
  turn.stopping ??= stopOnServer(core, turn)
  const failure = await turn.stopping
  turn.stopping = null
  if (failure) conversation.error = failure
  core.store.touch()
  return failure
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
  if (turn.stop.signal.aborted) void deliverStop(core, conversation, turn)
  void tellParts(core, 'arrived', conversation, turn)
}

async function runNow(client: ClientCore, conversation: ConversationState, turn: Turn): Promise<RunOutcome> {
  // Nothing of a conversation that is none of this visitor's any more is sent, read or kept.
  const core = { ...client, signal: AbortSignal.any([client.signal, conversation.life.signal]) }
  const { hooks, signal, store, transport } = core
  const { progress } = turn
  const drive = hooks.reduceRight(
    (inner, hook) => () => (hook.around ? hook.around(conversation, turn, inner) : inner()),
    () => driveTurn(core, conversation, turn),
  )
  const failure = await drive().then(() => null, asChatError)
  const isUnclear = failure?.code === 'stopped' && progress.maybeSent
  const undelivered = isUnclear && (await deliverStop(core, conversation, turn))
  const outcome = settle(conversation, turn, failure)
  if (undelivered) conversation.error = undelivered
  // Where nobody keeps runs, or not this one, there is nothing to read on from, or to stop.
  const isKept = progress.acknowledged ? transport.server && failure?.code !== 'resync' : undelivered
  if (isKept && !progress.end) conversation.parked.set(turn.answerId, turn)
  conversation.turns = conversation.turns.filter((other) => other !== turn)
  if (!signal.aborted) await tellParts(core, 'ended', conversation, turn)
  store.show()
  return outcome
}

async function driveTurn(core: ClientCore, conversation: ConversationState, turn: Turn): Promise<void> {
  const { state, session, store, hooks, platform, signal } = core
  const { progress, stop, body, questionId } = turn
  signal.throwIfAborted()
  if (!progress.acknowledged) stop.signal.throwIfAborted()
  let rung: Rung = state.rung && state.rung.until > platform.now() ? state.rung.rung : 'stream'
  await driveRun({
    ...core,
    progress,
    stopSignal: stop.signal,
    rung,
    send: body && {
      conversationId: conversation.id,
      body,
      history: conversation.tree.branch(questionId),
    },
    token: (renew) => session.token(renew),
    async prepare() {
      if (conversation.onServer) return
      await request(core, 'POST', '/conversations', { id: conversation.id })
      conversation.onServer = true
    },
    onProgress(worked) {
      if (worked !== rung) {
        rung = worked
        state.rung = { rung, until: platform.now() + REMEMBER_MS }
        void tellParts(core, 'rungFound', state.rung)
      }
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
