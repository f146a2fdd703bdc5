import type {
  ChatStorage,
  CollectionName,
  Collections,
  StorageChange,
  StoredMessage,
} from '@colloquy/chat-core/history'

/** Length of an initialisation vector for AES-GCM, in bytes (NIST SP 800-38D, 8.2). */
const IV_BYTES = 12

/** What is written in place of a record: its content sealed, and of the rest what the storage itself looks at. */
interface SealedRecord {
  readonly id: string
  readonly conversationId?: string
  readonly position?: number
  readonly iv: Uint8Array<ArrayBuffer>
  readonly sealed: ArrayBuffer
}

/** Says that what is there was sealed with this key. */
const MARK = 'sealed'

/**
 * Encrypts what another storage keeps by AES-GCM, each record with its place as additional data, so that none can be put in
 * another's. Ids, positions and which conversation a message belongs to stay readable. What the key does not open is of somebody else, or
 * broken: nothing of it is given out, and a storage that was begun with another key is cleared.
 * @param key for AES-GCM, to encrypt and decrypt; it may be one that cannot be exported
 */
export function sealedStorage(inner: ChatStorage, key: CryptoKey): ChatStorage {
  const seal = new Seal(key)
  let prepared: Promise<void> | null = null
  const ready = (): Promise<void> => (prepared ??= prepare(inner, seal))
  return {
    async get(collection, id) {
      await ready()
      const kept = await inner.get(collection, id)
      return kept && ((await seal.open(collection, kept)) ?? undefined)
    },
    async list(collection) {
      await ready()
      const kept = await inner.list(collection)
      const opened = await Promise.all(kept.map((record) => seal.open(collection, record)))
      return opened.filter((record) => record !== null && record.id !== MARK) as never // as `inner` says of this collection
    },
    async messagesOf(conversationId) {
      await ready()
      const kept = await inner.messagesOf(conversationId)
      const opened = await Promise.all(kept.map((record) => seal.open('messages', record)))
      return opened.filter((record) => record !== null)
    },
    async write(changes) {
      await ready()
      await inner.write((await Promise.all(changes.map((change) => sealed(seal, change)))).flat())
    },
  }
}

async function prepare(inner: ChatStorage, seal: Seal): Promise<void> {
  const mark = await inner.get('meta', MARK)
  if (mark && (await seal.open('meta', mark))) return
  await inner.write(await sealed(seal, { clear: true }))
}

async function sealed(seal: Seal, change: StorageChange): Promise<readonly StorageChange[]> {
  // What is cleared is still of this key: nobody may find it without the mark and clear it once more.
  if ('clear' in change)
    return [change, ...(await sealed(seal, { put: 'meta', record: { id: MARK, value: true } }))]
  if (!('put' in change)) return [change]
  const record = await seal.close(change.put, change.record)
  return [{ put: change.put, record } as unknown as StorageChange] // the inner storage looks at what is left in the clear alone
}

class Seal {
  constructor(private readonly key: CryptoKey) {}

  async close(collection: CollectionName, record: Collections[CollectionName]): Promise<SealedRecord> {
    const place = placeOf(record)
    const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES))
    const text = new TextEncoder().encode(JSON.stringify(record))
    return {
      ...place,
      iv,
      sealed: await crypto.subtle.encrypt(this.#how(collection, place, iv), this.key, text),
    }
  }

  /** @returns null for what was not sealed with this key, in this place */
  async open<C extends CollectionName>(
    collection: C,
    record: Collections[C],
  ): Promise<Collections[C] | null> {
    const { iv, sealed: data } = record as unknown as Partial<SealedRecord> // whatever lies there
    if (!iv || !data) return null
    try {
      const text = await crypto.subtle.decrypt(this.#how(collection, placeOf(record), iv), this.key, data)
      // Only who has the key can have written it.
      return JSON.parse(new TextDecoder().decode(text)) as Collections[C]
    } catch {
      return null
    }
  }

  #how(collection: CollectionName, place: Place, iv: Uint8Array<ArrayBuffer>): AesGcmParams {
    const { id, conversationId = null, position = null } = place
    const additionalData = new TextEncoder().encode(
      JSON.stringify([collection, id, conversationId, position]),
    )
    return { name: 'AES-GCM', iv, additionalData }
  }
}

type Place = Pick<SealedRecord, 'id' | 'conversationId' | 'position'>

function placeOf(record: Collections[CollectionName]): Place {
  const { id, conversationId, position } = record as Place & Partial<StoredMessage> // messages alone have the other two
  return conversationId === undefined || position === undefined ? { id } : { id, conversationId, position }
}
