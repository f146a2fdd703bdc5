import { ReactiveElement, type PropertyValues } from '@lit/reactive-element'
import { patch } from './patch.js'
import type { View } from './view.js'

/** Base of every part of the widget: reactive properties, styles in its own shadow root, and a view made anew of them. */
export abstract class ViewElement extends ReactiveElement {
  protected abstract render(): View

  protected override update(changed: PropertyValues): void {
    super.update(changed)
    patch(this.renderRoot, this.render())
  }
}
