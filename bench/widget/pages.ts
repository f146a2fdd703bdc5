import { join } from 'node:path'
import { bundledPage } from './peer-pages/bundled.js'

/** Pages that show the same streamed answer: ours, one that does the least, and those of peers. */
export type Kind = 'plain' | 'chat' | Peer
/** By the names of their packages, with an option of theirs; their pages are in `peer-pages`. */
export type Peer = 'streamdown' | 'deep-chat' | 'deep-chat?partialRender'

/** What each of the pages lets be done with it; its methods are global there. */
export interface AnswerPage {
  /** Asks, and waits until the end of the answer is in the document. @throws Error when it did not end well */
  ask(question: string): Promise<void>
  /** Before an answer that counts: everything is loaded and compiled, and nothing is shown yet. */
  warmUp(question: string): Promise<void>
}

const html = (body: string): string =>
  `<!doctype html><title>bench</title><link rel="icon" href="data:,"><body>${body}</body>`

/** @returns null for a path that is no page and no script of one */
export async function pageAt(path: string): Promise<{ readonly type: string; readonly body: string } | null> {
  const [, name = '', file] = path.replace(/\?.*/, '').split('/')
  if (file === undefined && name === 'plain') return { type: 'text/html', body: html(PLAIN) }
  if (file === undefined && name === 'chat') return { type: 'text/html', body: html(CHAT) }
  if (name !== 'streamdown' && name !== 'deep-chat') return null
  if (file === undefined) return { type: 'text/html', body: html(peerPage(name)) }
  const script = await bundledPage(join(import.meta.dirname, 'peer-pages', `${name}.ts`), file)
  return script === undefined ? null : { type: 'text/javascript', body: script }
}

const MAIN = '<main style="width:400px;height:600px;overflow:auto;font:15px/1.55 system-ui"></main>'
const peerPage = (name: string): string => `${MAIN}<script type="module" src="/${name}/${name}.js"></script>`

const CHAT = `<script src="/widget/widget.js" data-preload="idle"></script><script>
const widget = () => document.querySelector('chat-widget')
async function ask(question) {
  const { status } = await widget().send(question)
  if (status !== 'done') throw new Error('The answer ended as ' + status + '.')
}
async function warmUp(question) {
  await widget().open()
  await ask(question)
  await widget().newConversation()
}
</script>`

/** The least that any page has to do: read the stream, write its text into paragraphs once a frame, follow the end. */
const PLAIN = `${MAIN}<script>
const main = document.querySelector('main')
// It has nothing to load.
async function warmUp() {}
async function ask(question) {
  const body = JSON.stringify({ content: question, run_id: 'run_' + crypto.randomUUID(), message_id: 'm_1', answer_id: 'm_2' })
  const response = await fetch('/api/v1/conversations/c/messages', { method: 'POST', body })
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = '', pending = '', paragraph = null, scheduled = false, done = false
  return new Promise((resolve) => {
    const write = () => {
      scheduled = false
      const parts = pending.split('\\n\\n')
      pending = ''
      parts.forEach((part, index) => {
        if (index > 0 || !paragraph) { paragraph = document.createElement('p'); paragraph.append(''); main.append(paragraph) }
        paragraph.firstChild.appendData(part)
      })
      main.scrollTop = main.scrollHeight
      if (done) resolve()
    }
    const read = () => reader.read().then(({ value, done: ended }) => {
      done = ended
      const lines = (rest + (value ?? '')).split('\\n')
      rest = lines.pop()
      for (const line of lines) {
        if (!line.startsWith('data: {')) continue
        pending += JSON.parse(line.slice(6)).choices[0]?.delta.content ?? ''
      }
      if (!scheduled) { scheduled = true; requestAnimationFrame(write) }
      if (!ended) return read()
    })
    void read()
  })
}
</script>`
