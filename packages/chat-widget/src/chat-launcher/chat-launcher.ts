import { unsafeCSS } from '@lit/reactive-element'
import { ViewElement } from '../rendering/view-element.js'
import { html, type View } from '../rendering/view.js'
import { property } from '@lit/reactive-element/decorators.js'
import { request } from '../requests/chat-request.js'
import { icons } from '../theme/icons.js'
import { shared } from '../theme/shared.styles.js'
import { LAUNCHER_CSS } from './launcher-css.js'
import { chatLauncherStyles } from './chat-launcher.styles.js'

/**
 * @summary The round button that opens the panel.
 * @slot icon - Replaces the icon.
 * @csspart launcher - The button.
 */
export class ChatLauncher extends ViewElement {
  static override shadowRootOptions: ShadowRootInit = {
    ...ViewElement.shadowRootOptions,
    delegatesFocus: true,
  }
  static override styles = [shared, unsafeCSS(LAUNCHER_CSS), chatLauncherStyles]

  /** The panel is open. */
  @property({ type: Boolean, reflect: true }) open = false
  /** Name for screen readers: what a click will do. */
  @property({ attribute: false }) label = ''

  protected override render(): View {
    return html`<button
      part="launcher"
      type="button"
      aria-label=${this.label}
      aria-haspopup="dialog"
      aria-expanded=${this.open}
      @click=${() => request(this, 'toggle', null)}
    >
      <span class="closed"><slot name="icon">${icons.chat}</slot></span>
      <span class="opened">${icons.chevronDown}</span>
    </button>`
  }
}
