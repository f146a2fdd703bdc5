import { isId } from '@colloquy/chat-core/protocol'
import { deriveId } from '../shared/ids.js'

/** A message as a client keeps it that holds the conversation itself. */
export interface ChatMessage {
  /** Any text. */
  readonly id: string
  readonly role: 'user' | 'assistant'
  readonly text: string
}

/** What such a client asks: its newest message, and what it has before it. */
export interface ChatTurn {
  /** Becomes the id of the conversation. */
  readonly chatId: string
  readonly question: ChatMessage
  /** Oldest first; `null`: not told. */
  readonly history: readonly ChatMessage[] | null
  /** The question was asked before and is to be answered once more, in place of this answer when it is told. */
  readonly again: { readonly answerId: string | undefined } | null
}

/** The id under which a message of the client is stored. Ids that are none of ours are made unique by their chat. */
export const storedId = (chatId: string, id: string): string => (isId(id) ? id : deriveId('m', chatId, id))

/** The run that answers a question first. It follows from what is asked, so a repeated request finds it. */
export const firstRunId = (chatId: string, { id, text }: ChatMessage): string =>
  deriveId('r', 'chat', chatId, id, text)

/** The run that answers in place of another answer. */
export const nextRunId = (chatId: string, replacedId: string): string =>
  deriveId('r', 'again', chatId, replacedId)
