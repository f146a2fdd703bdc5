import { Styles } from '../rendering/css.js'
import { ViewElement } from '../rendering/view-element.js'
import { html, nothing, type View } from '../rendering/view.js'
import { property } from '../rendering/properties.js'
import { en } from '../locale/en.js'
import type { ChatStrings } from '../locale/strings.js'
import { request } from '../requests/chat-request.js'
import { icons } from '../theme/icons.js'
import { shared } from '../theme/shared.styles.js'
import { LAUNCHER_CSS } from './launcher-css.js'
import { chatLauncherStyles } from './chat-launcher.styles.js'

/** More than these are not counted out. */
const MOST = 9

/**
 * @summary The round button that opens the panel.
 * @slot icon - Replaces the icon.
 * @csspart launcher - The button.
 */
export class ChatLauncher extends ViewElement {
  static override shadowRootOptions: ShadowRootInit = {
    mode: 'open',
    delegatesFocus: true,
  }
  static override styles = [shared, new Styles(LAUNCHER_CSS), chatLauncherStyles]

  /** The panel is open. */
  @property({ reflect: true }) open = false
  /** Answers that nobody has seen. */
  @property({ attribute: false }) unread = 0
  /** What the page calls it, in place of our words. */
  @property({ attribute: false }) name = ''
  @property({ attribute: false }) strings: ChatStrings = en

  protected override render(): View {
    return html`<button
      part="launcher"
      type="button"
      aria-label=${this.#label()}
      aria-haspopup="dialog"
      aria-expanded=${this.open}
      @click=${() => request(this, 'toggle', null)}
    >
      <span class="closed"><slot name="icon">${icons.chat}</slot></span>
      <span class="opened">${icons.chevronDown}</span>
      ${this.unread > 0 ? html`<b class="badge" data-count=${this.#count()}></b>` : nothing}
    </button>`
  }

  /** Drawn by the style sheet: a sign, not words of the button, whose name says it in a sentence. */
  #count(): string {
    const number = new Intl.NumberFormat(this.strings.language)
    return this.unread > MOST ? `${number.format(MOST)}+` : number.format(this.unread)
  }

  /** What a click will do, and why one might want to. */
  #label(): string {
    const { strings, unread } = this
    if (this.open) return strings.closeChat
    return unread > 0 ? strings.openUnread(unread) : this.name || strings.openChat
  }
}
