/** What is left of an answer once its head is written; takes as long as the answer is open. Never rejects. */
export type Remainder = () => Promise<void>
