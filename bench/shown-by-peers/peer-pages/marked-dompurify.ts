import DOMPurify from 'dompurify'
import { marked } from 'marked'
import { main } from './main.js'

/** The pair that is put together by hand most often: the whole text so far, to HTML, sanitised, into the page. It has no states. */
window.peer = {
  root: main,
  async show(pieces) {
    let text = ''
    for (const piece of pieces) {
      text += piece
      main.innerHTML = DOMPurify.sanitize(await marked.parse(text))
    }
  },
  clear: () => main.replaceChildren(),
  states: {},
}
