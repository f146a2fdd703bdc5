import { createElement, useLayoutEffect, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { Streamdown } from 'streamdown'
import { markdown } from '../../../packages/chat-widget/test/screenshot-states.mjs'
import { main } from './main.js'

/** streamdown as its page mounts it; it renders answers, and has no other states than theirs. */
interface Shown {
  readonly text: string
  readonly streaming: boolean
  readonly answer: number
}
const NOTHING: Shown = { text: '', streaming: false, answer: 0 }

let show: (shown: Shown) => void = () => {}
let onShown = (_shown: Shown): void => {}
let answers = 0

function Answer() {
  const [shown, setShown] = useState(NOTHING)
  show = setShown
  useLayoutEffect(() => onShown(shown))
  return createElement(Streamdown, { isAnimating: shown.streaming, key: shown.answer }, shown.text)
}

const mount = (): void => createRoot(main).render(createElement(Answer))
mount()

function shown(next: Shown): Promise<void> {
  return new Promise((resolve) => {
    onShown = (now) => void (now === next && resolve())
    show(next)
  })
}

async function showPieces(pieces: readonly string[]): Promise<void> {
  const answer = (answers += 1)
  let text = ''
  for (const piece of pieces) {
    text += piece
    if (pieces.length > 1) await shown({ text, streaming: true, answer })
  }
  await shown({ text, streaming: false, answer })
}

window.peer = {
  root: main,
  show: showPieces,
  clear: () => show(NOTHING),
  states: {
    conversation: () => showPieces([markdown]),
    streaming: () => shown({ text: markdown.slice(0, 300), streaming: true, answer: 1 }),
  },
}
