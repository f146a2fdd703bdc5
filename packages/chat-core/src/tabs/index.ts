export { createTabs, type BrowserTabsOptions } from './browser-tabs.js'
export { keepInStep } from './keep-in-step.js'
export type { TabMessage, TabNews, Tabs } from './tabs.js'
