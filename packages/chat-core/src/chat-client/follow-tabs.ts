import type { ChatMessage } from '../messages/message.js'
import type { TabMessage, TabNews } from '../tabs/tabs.js'
import type { ClientContext } from './client-context.js'
import type { Conversations } from './conversations.js'
import { newTurn } from './turn.js'
import type { TurnRunner } from './turn-runner.js'

/** Takes up what other tabs tell. Returns the way to stop. */
export function followTabs(
  context: ClientContext,
  runner: TurnRunner,
  conversations: Conversations,
): () => void {
  return context.tabs.listen((news) => {
    switch (news.type) {
      case 'asked':
        onAsked(context, runner, news)
        break
      case 'progress':
        onProgress(context, runner, news)
        break
      case 'stop':
        runner.stopRun(news.runId)
        break
      case 'removed':
        conversations.drop(news.conversationId)
        break
      case 'signed-out':
        conversations.dropAll()
        break
      case 'missed':
        break
    }
  })
}

/** Another tab asked in a conversation that is open here: run the same turn, behind its lock. */
function onAsked(
  context: ClientContext,
  runner: TurnRunner,
  news: Extract<TabNews, { type: 'asked' }>,
): void {
  const conversation = context.state.held.get(news.conversationId)
  if (!conversation || conversation.turns.some(({ answerId }) => answerId === news.answer.id)) return
  conversation.tree.put(toMessage(news.question))
  conversation.tree.put(toMessage(news.answer))
  const turn = newTurn({
    runId: news.body.run_id,
    conversationId: conversation.id,
    answerId: news.answer.id,
    questionId: news.question.id,
    body: news.body,
  })
  void runner.run(conversation, turn)
}

function onProgress(
  context: ClientContext,
  runner: TurnRunner,
  news: Extract<TabNews, { type: 'progress' }>,
): void {
  for (const conversation of context.state.held.values()) {
    const turn = conversation.turns.find(({ runId }) => runId === news.runId)
    if (!turn || runner.drives(turn)) continue
    const { progress } = turn
    if (news.from > progress.text.length) {
      context.tabs.tell({ type: 'missed', runId: news.runId })
      continue
    }
    progress.text = progress.text.slice(0, news.from) + news.text
    progress.seq = news.seq
    progress.acknowledged = true
    progress.end ??= news.end
    runner.noteProgress(conversation, turn)
  }
}

const toMessage = (message: TabMessage): ChatMessage => ({ ...message, error: null })
