import type { ConversationMode } from '@colloquy/chat-core/protocol'

/** Who gave a conversation its title. What a person gave is never replaced by itself. */
export type TitleSource = 'first-message' | 'model' | 'person'

/** A thread of messages that belongs to one caller of one tenant. */
export interface Conversation {
  readonly tenantId: string
  readonly id: string
  /** `Caller.subject` of the owner. */
  readonly ownerId: string
  readonly title: string
  readonly titleBy: TitleSource
  readonly mode: ConversationMode
  readonly documentIds: readonly string[]
  /** Milliseconds since 1970, as every time in the domain. */
  readonly createdAt: number
  readonly updatedAt: number
  /** The newest message of the branch in use; the parent of the next one. */
  readonly headId: string | null
}

const TITLE_LENGTH = 60
const UNTITLED = 'New conversation'

/** A title from the first message: its first line, cut at a word, never in the middle of a character. */
export function titleFrom(message: string | undefined): string {
  const line = (message ?? '').trim().split(/\r?\n/, 1)[0]?.replace(/\s+/g, ' ') ?? ''
  if (line === '') return UNTITLED
  const letters = Array.from(line)
  if (letters.length <= TITLE_LENGTH) return line
  const cut = letters.slice(0, TITLE_LENGTH).join('')
  const lastSpace = cut.lastIndexOf(' ')
  return `${lastSpace > TITLE_LENGTH / 2 ? cut.slice(0, lastSpace) : cut}…`
}
