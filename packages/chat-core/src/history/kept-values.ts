/** Ids of the small values that history keeps in storage. */
export const SESSION = 'session'
/** The conversation that was open last. */
export const OPEN = 'open'
