import { STRICT, type ContentPolicy } from '../settings/content-policy.js'
import type * as richText from './rich-text.js'

type RendererModule = typeof richText

let module: RendererModule | null = null
let loading: Promise<RendererModule> | null = null

/** The code that shows Markdown, when it is there already, with what `policy` asks for. */
export function loadedRenderer({ extras }: ContentPolicy): RendererModule | null {
  return extras.has('math') && module?.loadedMath() === undefined ? null : module
}

/**
 * Fetches it, once: with the first question, so that waiting for the model hides it, or with the first answer to show.
 * @throws what the browser says when it does not come; the next call tries again.
 */
export async function loadRenderer({ extras }: ContentPolicy = STRICT): Promise<RendererModule> {
  loading ??= import('./rich-text.js')
  try {
    module = await loading
    if (extras.has('math')) await module.loadMath()
    return module
  } catch (reason) {
    loading = null
    throw reason
  }
}
