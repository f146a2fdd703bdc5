import type { Page } from 'playwright-core'

export function serveStates(): Promise<{ url: string; close: () => void }>
export function show(page: Page, url: string, name: string, lang?: string): Promise<void>
export function rest(page: Page): Promise<void>
