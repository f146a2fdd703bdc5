/**
 * Tabs of one browser that show the same conversations: one leads, the others follow.
 * @module
 */
export { createTabs, type BrowserTabsOptions } from './browser-tabs.js'
export { keepInStep } from './keep-in-step.js'
export type { TabMessage, TabNews, Tabs } from './tabs.js'
