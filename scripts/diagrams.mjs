// `node scripts/diagrams.mjs`: draws the diagram of docs/architecture.md into docs/images. With `--check` it compares.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './lib/paths.mjs'
import { drawSequence } from './lib/sequence-diagram.mjs'

const lifeOfAMessage = drawSequence({
  title: 'The life of a message, from the widget to the model and back',
  actors: [
    { id: 'widget', name: 'chat-widget', note: 'in the page' },
    { id: 'core', name: 'chat-core', note: 'in the page' },
    { id: 'http', name: 'presentation', note: 'proxy' },
    { id: 'use-case', name: 'application', note: 'proxy' },
    { id: 'sql', name: 'SQL', note: 'SQLite, PostgreSQL' },
    { id: 'log', name: 'run log', note: 'memory, Redis' },
    { id: 'model', name: 'model', note: 'your provider' },
  ],
  steps: [
    { from: 'widget', to: 'core', text: 'send(text)' },
    {
      from: 'core',
      to: 'core',
      text: 'makes ids of question, answer and run; shows the question; keeps it in the outbox',
    },
    { from: 'core', to: 'http', text: 'POST …/messages' },
    { from: 'http', to: 'use-case', text: 'token, schema' },
    { from: 'use-case', to: 'sql', text: 'claim the run: question, answer, event, reserve; one transaction' },
    { from: 'use-case', to: 'http', text: 'admitted', back: true },
    { note: '… or the run exists already: read it, and call nobody', at: 'http' },
    { from: 'use-case', to: 'model', text: 'context window' },
    { from: 'http', to: 'log', text: 'follow(run, from 0)' },
    { frame: 'every piece of the answer', steps: 5 },
    { from: 'model', to: 'use-case', text: 'delta', back: true },
    { from: 'use-case', to: 'log', text: 'append' },
    { from: 'log', to: 'http', text: 'batch of new events', back: true },
    { from: 'http', to: 'core', text: 'id: run.seq, data', back: true },
    { from: 'core', to: 'widget', text: 'once per frame', back: true },
    { from: 'use-case', to: 'sql', text: 'text so far, at most a second old' },
    { from: 'model', to: 'use-case', text: 'finished', back: true },
    { from: 'use-case', to: 'sql', text: 'end: status, text, usage, event; one transaction' },
    { from: 'use-case', to: 'log', text: 'ended, closed' },
    { from: 'log', to: 'core', text: 'the end, and only this makes the message done', back: true },
  ],
})

const name = 'docs/images/life-of-a-message.svg'
const file = join(root, name)
if (!process.argv.includes('--check')) writeFileSync(file, lifeOfAMessage)
else if (readFileSync(file, 'utf8') !== lifeOfAMessage) {
  console.error(`${name} is not what is drawn now: run \`node scripts/diagrams.mjs\`.`)
  process.exitCode = 1
}
