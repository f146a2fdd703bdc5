export { createTabs, type BrowserTabsOptions } from './browser-tabs.js'
export type { TabMessage, TabNews, Tabs } from './tabs.js'
