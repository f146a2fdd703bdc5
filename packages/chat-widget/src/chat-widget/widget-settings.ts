import type { FollowUps } from '../controllers/follow-ups-controller.js'
import type { OwnStrings } from '../controllers/locale-controller.js'
import { property } from '../rendering/properties.js'
import { ViewElement } from '../rendering/view-element.js'
import { flag, type ChatMode, type ChatTheme } from '../settings/parse.js'
import type { WidgetClient } from './open-client.js'

/** What a site says on `<chat-widget>`, in markup or by script. Everything is optional. */
export abstract class WidgetSettings extends ViewElement {
  /** Address of the chat proxy. Default: the page's own origin. */
  @property() proxy = ''
  /** The tenant's publishable key, where the proxy asks for one. */
  @property({ attribute: 'publishable-key' }) publishableKey = ''
  /** The panel is open (attribute `open`; the method of that name opens it). Without meaning in `inline` mode. */
  @property({ fromAttribute: flag, reflect: true, attribute: 'open' }) opened = false
  /** `launcher`: a button in the corner that opens a panel; `fullscreen`: one that opens the whole screen, as on phones always. `inline`: the chat fills this element. */
  @property() mode: ChatMode = 'launcher'
  /** `auto` goes with the visitor's system. */
  @property() theme: ChatTheme = 'auto'
  /** Title of the panel. */
  @property() heading = ''
  @property() placeholder = ''
  /** Names the launcher. */
  @property() label = ''
  /** Replaces the greeting that the server sends. */
  @property() greeting = ''
  /** Shows a harmless part of the HTML in answers in place of its source. */
  @property({ fromAttribute: flag, attribute: 'allow-html' }) allowHtml = false
  /** Hosts, separated by blanks, whose https images are shown. All others become links. */
  @property({ attribute: 'image-hosts' }) imageHosts = ''
  /** What answers show beside Markdown, separated by blanks: `highlight` gives code its colours, `math` shows formulas. Loaded only where it is used. */
  @property() extras = ''
  /** Blinks in the page's title when an answer has ended that the visitor does not see. */
  @property({ fromAttribute: flag, attribute: 'notify-title' }) notifyTitle = false
  /** Makes a soft sound then. */
  @property({ fromAttribute: flag, attribute: 'notify-sound' }) notifySound = false
  /** A client of your own in place of the one that the widget makes. It is never ended by the widget. */
  @property({ attribute: false }) client: WidgetClient | null = null
  /**
   * Seals the history in this browser with a key of the site's own session: one for AES-GCM, to encrypt and decrypt. Set it before the
   * chat is opened. Without the same key nobody reads it, and another key clears it.
   */
  @property({ attribute: false }) historyKey: CryptoKey | null = null
  /** Questions that may follow an answer, shown below it. Called once for each answer that is the last. */
  @property({ attribute: false }) followUps: FollowUps | null = null
  /** Words of your own in place of some of ours. Ours are in the language of the page (`lang`, here or around), else in the visitor's. */
  @property({ attribute: false }) strings: OwnStrings | null = null
}
