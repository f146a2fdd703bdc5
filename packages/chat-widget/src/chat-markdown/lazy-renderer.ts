import type * as richText from './rich-text.js'

type RendererModule = typeof richText

let module: RendererModule | null = null
let loading: Promise<RendererModule> | null = null

/** The code that shows Markdown, when it is there already. */
export function loadedRenderer(): RendererModule | null {
  return module
}

/**
 * Fetches it, once: with the first question, so that waiting for the model hides it, or with the first answer to show.
 * @throws what the browser says when it does not come; the next call tries again.
 */
export async function loadRenderer(): Promise<RendererModule> {
  loading ??= import('./rich-text.js')
  try {
    module = await loading
    return module
  } catch (reason) {
    loading = null
    throw reason
  }
}
