import { html, LitElement, type TemplateResult } from 'lit'
import { property } from 'lit/decorators.js'
import { request } from '../requests/chat-request.js'
import { icons } from '../theme/icons.js'
import { shared } from '../theme/shared.styles.js'
import { chatLauncherStyles } from './chat-launcher.styles.js'

/**
 * @summary The round button that opens the panel.
 * @slot icon - Replaces the icon.
 * @csspart launcher - The button.
 */
export class ChatLauncher extends LitElement {
  static override shadowRootOptions: ShadowRootInit = {
    ...LitElement.shadowRootOptions,
    delegatesFocus: true,
  }
  static override styles = [shared, chatLauncherStyles]

  /** The panel is open. */
  @property({ type: Boolean, reflect: true }) open = false
  /** Name for screen readers: what a click will do. */
  @property({ attribute: false }) label = ''

  protected override render(): TemplateResult {
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
