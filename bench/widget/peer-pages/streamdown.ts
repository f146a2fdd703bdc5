import { createElement, useLayoutEffect, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { Streamdown } from 'streamdown'
import type { AnswerPage } from '../pages.js'
import { readAnswer } from './read-answer.js'

/** streamdown as its page shows it, without extensions: the text so far in a state, which each delta changes. */
const main = document.querySelector('main')
if (!main) throw new Error('The page has no place for the answer.')

interface Shown {
  readonly text: string
  readonly streaming: boolean
}
const NOTHING: Shown = { text: '', streaming: false }

let show: (change: (shown: Shown) => Shown) => void = () => {}
let onShown = (_shown: Shown): void => {}

function Answer() {
  const [shown, setShown] = useState(NOTHING)
  show = setShown
  useLayoutEffect(() => {
    main?.scrollTo(0, main.scrollHeight)
    onShown(shown)
  })
  return createElement(Streamdown, { isAnimating: shown.streaming }, shown.text)
}

createRoot(main).render(createElement(Answer))

async function ask(question: string): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    onShown = ({ text, streaming }) => void (text !== '' && !streaming && resolve())
  })
  await readAnswer(question, (delta) => show(({ text }) => ({ text: text + delta, streaming: true })))
  show(({ text }) => ({ text, streaming: false }))
  return ended
}

const page: AnswerPage = {
  ask,
  async warmUp(question) {
    await ask(question)
    show(() => NOTHING)
  },
}
Object.assign(window, page)
