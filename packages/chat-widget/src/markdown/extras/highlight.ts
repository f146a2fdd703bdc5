import highlighter from '@highlightjs/cdn-assets/es/core.min.js'
import { languageNamed, loadGrammars } from './languages.js'
import { NodeEmitter } from './node-emitter.js'

/** Longer code is left as it is: nobody reads it in a chat, and its colours would cost a frame. In UTF-16 code units. */
const LONGEST = 20_000

/** Our own: a page may use the library, too. */
const ours = highlighter.newInstance()
ours.configure({ __emitter: NodeEmitter })

/**
 * Gives the pieces of `code` their colours, once the grammar is there. The text stays the same.
 *
 * @param word what the answer calls the language; code in a language that is not known stays as it is
 */
export async function highlight(code: Element, word: string): Promise<void> {
  const language = languageNamed(word)
  const text = code.textContent ?? ''
  if (!language || text.length > LONGEST) return
  for (const { name, grammar } of await loadGrammars(language)) {
    if (!ours.getLanguage(name)) ours.registerLanguage(name, grammar)
  }
  const { _emitter: emitter, errorRaised } = ours.highlight(text, { language, ignoreIllegals: true })
  if (errorRaised || !(emitter instanceof NodeEmitter) || emitter.root.textContent !== text) return
  // The answer may have gone on in the meantime.
  if (code.textContent === text) code.replaceChildren(emitter.root)
}
