import { newId } from '../shared/ids.js'

/** A key as it stands in a tenant's settings. */
type KeySetting = string | { readonly key: string; readonly expires_at?: string | null }

export interface RotatedKeys {
  readonly key: string
  /** @param keys `publishable_keys` of the settings, already checked; nothing when there are none */
  add(this: void, keys: unknown): readonly KeySetting[]
}

/** A new key first, the old ones with an end, and those that have run out left behind. Times in milliseconds. */
export function rotatedKeys(now: number, overlapMs: number): RotatedKeys {
  const key = newId('pk')
  const until = new Date(now + overlapMs).toISOString()
  return {
    key,
    add: (keys) => [
      key,
      ...settingsOf(keys).flatMap((old) => {
        if (typeof old === 'string') return [{ key: old, expires_at: until }]
        const end = old.expires_at ?? null
        if (end === null) return [{ key: old.key, expires_at: until }]
        return Date.parse(end) <= now ? [] : [old]
      }),
    ],
  }
}

// Stored settings have passed the format, which lets nothing else be here.
const settingsOf = (keys: unknown): readonly KeySetting[] => (Array.isArray(keys) ? keys : [])
