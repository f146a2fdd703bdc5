import { type Browser, chromium } from 'playwright-core'

export function launchBrowser(): Promise<Browser> {
  // Chromium refuses its sandbox to root, which is what containers run as.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  return chromium.launch({ executablePath: process.env['CHROME_PATH'] ?? '/usr/bin/chromium', args })
}
