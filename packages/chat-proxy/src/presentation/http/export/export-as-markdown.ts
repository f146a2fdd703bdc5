import type { ExportedData } from '../../../application/export-data/export-data.js'
import type { Message } from '../../../domain/message.js'
import type { KeptConversation } from '../../../domain/ports/index.js'

/** For people: a heading for each conversation, one below it for each message, and what was said as it was said. */
export async function* exportAsMarkdown({ exportedAt, parts }: ExportedData): AsyncGenerator<string> {
  yield `# Conversations\n\nExported ${time(exportedAt)}\n`
  for await (const part of parts)
    yield part.kind === 'conversation' ? conversationHead(part.conversation) : messageText(part.message)
}

const conversationHead = ({ title, createdAt, deletedAt }: KeptConversation): string => {
  const deleted = deletedAt === null ? '' : `, deleted ${time(deletedAt)}`
  return `\n## ${plain(title)}\n\nBegun ${time(createdAt)}${deleted}\n`
}

function messageText(message: Message): string {
  const { role, content, createdAt, model, status, feedback, pageContext } = message
  const name = role === 'user' ? 'You' : `Answer${model === null ? '' : ` of ${plain(model)}`}`
  const notes = [
    ...(status === 'completed' ? [] : [`_${status}_`]),
    ...(pageContext ? [`_Page: ${plain(JSON.stringify(pageContext))}_`] : []),
    ...(feedback
      ? [`_Feedback: ${feedback.rating}${feedback.comment === null ? '' : `, ${feedback.comment}`}_`]
      : []),
  ]
  return [
    '',
    `### ${name}, ${time(createdAt)}`,
    '',
    content,
    ...notes.flatMap((note) => ['', note]),
    '',
  ].join('\n')
}

/** One line of text that means nothing in Markdown. */
const plain = (text: string): string =>
  text.replaceAll(/\s+/gu, ' ').replaceAll(/[\\`*_[\]<>#|~]/g, (sign) => `\\${sign}`)

/** `2026-01-31 17:05 UTC` */
const time = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`
