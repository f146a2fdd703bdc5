/** What a page knows of what its visitor is looking at, by names of its own choice; what is null or undefined is left out. */
export type PageFacts = Readonly<Record<string, string | number | boolean | null | undefined>>

/** What the page tells the model of itself. */
export interface PageContextPart {
  /**
   * From now on this goes with every new question, and is kept with it: the same question asked again is told the same. `null` for nothing.
   * The model is shown it as data of the page, so it can ask nothing of the model; nor is it a secret, for whoever chats can ask for it.
   * @throws ChatError `too_long` for more than 4,000 characters of JSON, `protocol` for what is no text, number or boolean
   */
  set(facts: PageFacts | null): void
}
