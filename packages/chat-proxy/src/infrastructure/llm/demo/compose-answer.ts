import type { ModelMessage } from '../../../domain/ports/chat-model.js'
import { PRODUCT_TOPICS } from './product-topics.js'
import { quoteQuestion } from './quote-question.js'
import { SHOWCASE_TOPICS } from './showcase-topics.js'
import { DEFAULT_ANSWER, SMALL_TALK_TOPICS } from './small-talk-topics.js'
import type { Topic } from './topic.js'

/** In order of precedence where a question fits two equally well. */
const TOPICS: readonly Topic[] = [...SHOWCASE_TOPICS, ...PRODUCT_TOPICS, ...SMALL_TALK_TOPICS]

/** The answer to the newest question, in markdown. The same conversation always gives the same answer. */
export function composeAnswer(messages: readonly ModelMessage[]): string {
  const questions = messages.filter(({ role }) => role === 'user')
  const question = questions.at(-1)?.content ?? ''
  const answer =
    topicOf(question)?.answer ?? DEFAULT_ANSWER.replace('{question}', () => quoteQuestion(question))
  return questions.length > 1 ? `${answer}\n\n---\n\n${countLine(questions.length)}` : answer
}

/** The topic that most of the question's words lead to. */
export function topicOf(question: string): Topic | null {
  const words = question.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? []
  const text = ` ${words.join(' ')} `
  let best: Topic | null = null
  let most = 0
  for (const topic of TOPICS) {
    const matches = topic.keywords.filter((keyword) => text.includes(` ${keyword} `)).length
    if (matches > most) [best, most] = [topic, matches]
  }
  return best
}

const countLine = (questions: number): string =>
  `*I can see ${questions} questions of yours in this conversation, this one included.*`
