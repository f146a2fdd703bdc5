import { hash } from 'node:crypto'

/** Of which every caller has one number. */
const PARTS = 2 ** 32

/**
 * Whether a caller is among the share that gets the chat. The same caller is always in or always out, and whoever is in at
 * some percentage is in at every higher one.
 */
export function isInRollout(
  percent: number,
  { tenantId, subject }: { readonly tenantId: string; readonly subject: string },
): boolean {
  if (percent >= 100) return true
  const digest = hash('sha256', JSON.stringify([tenantId, subject]), 'buffer')
  return (digest.readUInt32BE(0) / PARTS) * 100 < percent
}
