import type { DataExport, ExportedConversation, ExportedUse } from '@colloquy/chat-core/protocol'
import type { ExportedData } from '../../../application/export-data/export-data.js'
import type { CountedUse, KeptConversation } from '../../../domain/ports/index.js'
import { wireConversation, wireMessage } from '../wire/to-wire.js'

/** A `DataExport`, piece by piece: only together are they JSON. */
export async function* exportAsJson({
  caller,
  exportedAt,
  use,
  parts,
}: ExportedData): AsyncGenerator<string> {
  yield openList({
    exported_at: iso(exportedAt),
    tenant: caller.tenantId,
    subject: caller.subject,
    usage: use.map(wireUse),
    conversations: [],
  } satisfies DataExport)
  let conversations = 0
  let messages = 0
  for await (const part of parts) {
    if (part.kind === 'conversation') {
      const closing = conversations === 0 ? '\n' : `${CLOSE_LIST},\n`
      yield closing + openList(head(part.conversation))
      conversations += 1
      messages = 0
    } else {
      yield `${messages === 0 ? '' : ','}\n${JSON.stringify(wireMessage(part.message))}`
      messages += 1
    }
  }
  yield `${conversations === 0 ? '' : CLOSE_LIST}\n${CLOSE_LIST}\n`
}

const CLOSE_LIST = ']}'

/** All of the object up to the end of its last field, an empty list, which stays open. */
const openList = (object: object): string => JSON.stringify(object).slice(0, -CLOSE_LIST.length)

const iso = (ms: number): string => new Date(ms).toISOString()

const head = (conversation: KeptConversation): ExportedConversation => ({
  ...wireConversation(conversation),
  deleted_at: conversation.deletedAt === null ? null : iso(conversation.deletedAt),
  messages: [],
})

const wireUse = ({ span, startsAt, endsAt, used }: CountedUse): ExportedUse => ({
  span,
  starts_at: iso(startsAt),
  ends_at: iso(endsAt),
  ...used,
})
