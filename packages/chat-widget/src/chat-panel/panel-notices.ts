import type { ChatSnapshot } from '@colloquy/chat-core'
import type { Notice } from '../controllers/notice-controller.js'
import { toldByPage } from '../events/events.js'
import { deadlineOf } from '../limits/deadline.js'
import { errorWords } from '../locale/format.js'
import type { ChatStrings } from '../locale/strings.js'
import { html, nothing, type View } from '../rendering/view.js'
import { request } from '../requests/chat-request.js'
import { icons } from '../theme/icons.js'

/** The chat is switched off by the operator, for everybody or for this visitor. */
export const isSwitchedOff = ({ session }: ChatSnapshot): boolean => session?.features.chat === false

/** What holds until it changes: the line is away, the chat is switched off. */
export function standingNotices(snapshot: ChatSnapshot, { offline, switchedOff }: ChatStrings): View {
  const notice = (icon: View, words: string): View => html`<p class="notice">${icon}<span>${words}</span></p>`
  return html`<div role="status">
    ${snapshot.online ? nothing : notice(icons.offline, offline)}
    ${isSwitchedOff(snapshot) ? notice(icons.alert, switchedOff) : nothing}
  </div>`
}

/** What is told for a while, with what can be done about it. It stays as long as somebody is at it. */
export function passingNotice(panel: EventTarget, notice: Notice | null): View {
  const hold = (held: boolean) => () => request(panel, 'hold-notice', { held })
  return html`<div role="status">
    ${
      notice
        ? html`<div
            class="toast"
            @pointerenter=${hold(true)}
            @pointerleave=${hold(false)}
            @focusin=${hold(true)}
            @focusout=${hold(false)}
          >
            <p>${notice.words}</p>
            ${
              notice.action
                ? html`<button class="button" @click=${() => request(panel, 'act-on-notice', null)}>
                    ${notice.action.label}
                  </button>`
                : nothing
            }
          </div>`
        : nothing
    }
  </div>`
}

/** A failure that no message tells of: the session did not start, the history did not load. */
export function failureBar(panel: EventTarget, snapshot: ChatSnapshot, strings: ChatStrings): View {
  const { error } = snapshot
  const told = snapshot.messages.at(-1)?.error ?? null
  const shown =
    error && error.code !== 'offline' && error.code !== 'stopped' && !told && !toldByPage.has(error)
  const deadline = error && deadlineOf(error)
  const left = deadline === null ? null : Math.max(0, deadline - Date.now())
  const words = shown ? errorWords(error, strings, left) : null
  return html`<div role="alert">
    ${
      words
        ? html`<div class="failure">
            ${icons.alert}
            <p><strong>${words.what}</strong> ${words.next}</p>
            <button class="button quiet" @click=${() => request(panel, 'reconnect', null)}>
              ${strings.tryAgain}
            </button>
          </div>`
        : nothing
    }
  </div>`
}
