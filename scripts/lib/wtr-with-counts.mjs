// The widget's own test settings plus a report that `npm test` can add up.
import { existsSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { countsOfSessions } from './wtr-counts.mjs'
import { root } from './paths.mjs'

const folder = `${root}/packages/chat-widget`
const settingsFile = ['web-test-runner.config.mjs', 'web-test-runner.config.js']
  .map((name) => `${folder}/${name}`)
  .find((path) => existsSync(path))
const { default: settings } = await import(pathToFileURL(settingsFile).href)

const report = {
  stop: ({ sessions }) =>
    writeFileSync(process.env.TEST_COUNTS_FILE, JSON.stringify(countsOfSessions([...sessions]))),
}

export default { ...settings, reporters: [...settings.reporters, report] }
