import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { browserPlatform } from './browser-platform.js'
import type { WakeReason } from './platform.js'

/** A page, as far as the platform looks at it: the events of the window and whether it is shown. */
function page() {
  const target = new EventTarget()
  vi.stubGlobal('addEventListener', target.addEventListener.bind(target))
  const show = (visibilityState: DocumentVisibilityState): void => {
    vi.stubGlobal('document', { visibilityState })
    target.dispatchEvent(new Event('visibilitychange'))
  }
  const come = (persisted: boolean): void =>
    void target.dispatchEvent(Object.assign(new Event('pageshow'), { persisted }))
  return { target, show, come }
}

describe('what a page is told of its line and of being away', () => {
  let heard: WakeReason[]
  beforeEach(() => {
    heard = []
  })
  afterEach(() => vi.unstubAllGlobals())

  it('hears that it came back from the back-forward cache, and not that it was loaded', () => {
    const { come } = page()
    browserPlatform().onWake((reason) => heard.push(reason))
    come(false)
    expect(heard).toEqual([])
    come(true)
    expect(heard).toEqual(['restored'])
  })

  it('hears that it is shown again, and not that it was hidden', () => {
    const { show } = page()
    browserPlatform().onWake((reason) => heard.push(reason))
    show('hidden')
    expect(heard).toEqual([])
    show('visible')
    expect(heard).toEqual(['visible'])
  })

  it('hears of its line', () => {
    const { target } = page()
    browserPlatform().onWake((reason) => heard.push(reason))
    target.dispatchEvent(new Event('offline'))
    target.dispatchEvent(new Event('online'))
    expect(heard).toEqual(['offline', 'online'])
  })

  it('hears nothing any more once it has let go', () => {
    const { come } = page()
    browserPlatform().onWake((reason) => heard.push(reason))()
    come(true)
    expect(heard).toEqual([])
  })

  it('does without a page, as in Node', () => {
    const release = browserPlatform().onWake((reason) => heard.push(reason))
    release()
    expect(heard).toEqual([])
  })
})
