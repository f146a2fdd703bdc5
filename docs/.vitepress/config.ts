import { copyFileSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig, type DefaultTheme } from 'vitepress'

const docs = join(import.meta.dirname, '..')

/** Pages that list the others of their folder. */
const LISTS = new Set(['index.md', 'modules.md'])

/** Every page of a folder and those in it, under its own heading, in the order of the file names. */
function pagesOf(folder: string): DefaultTheme.SidebarItem[] {
  return readdirSync(join(docs, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !LISTS.has(name))
    .toSorted()
    .map((name) => ({ text: headingOf(join(docs, folder, name)), link: `/${folder}/${name.slice(0, -3)}` }))
}

function headingOf(file: string): string {
  const heading = /^# (.+)$/m.exec(readFileSync(file, 'utf8'))?.[1]
  if (heading === undefined) throw new Error(`${file} has no heading`)
  return heading.replaceAll('`', '')
}

const sidebar: DefaultTheme.SidebarItem[] = [
  {
    text: 'Use it',
    items: [
      { text: 'Start in five minutes', link: '/start' },
      { text: 'On your page', link: '/embed' },
      { text: 'Looks', link: '/theme' },
      { text: 'Headless', link: '/headless' },
    ],
  },
  {
    text: 'Run it',
    items: [
      { text: 'The proxy, alone or in Express', link: '/proxy' },
      { text: 'Tenants', link: '/tenants' },
      { text: 'Operating it', link: '/operate' },
      { text: 'Put it on a server', collapsed: true, items: pagesOf('deploy') },
      { text: 'At scale', link: '/scale' },
    ],
  },
  { text: 'Move here', items: pagesOf('migrate') },
  {
    text: 'Understand it',
    items: [
      { text: 'The life of a message', link: '/architecture' },
      { text: 'The wire contract', link: '/protocol' },
      { text: 'Benchmarks', link: '/benchmarks' },
      { text: 'Decisions', link: '/decisions/', collapsed: true, items: pagesOf('decisions') },
      { text: 'API', link: '/api/', collapsed: true, items: pagesOf('api') },
      { text: 'Licences', link: '/licences' },
    ],
  },
]

export default defineConfig({
  title: 'Colloquy',
  srcExclude: ['api/modules.md'],
  description: 'AI chat for any website: one script tag, your own key on your own server.',
  cleanUrls: true,
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: '/icon.svg' }]],
  markdown: { theme: { light: 'github-light', dark: 'github-dark' } },
  // Pages link to them, and programs read them where they are.
  buildEnd({ outDir }) {
    for (const name of ['tenants.example.json', 'scale-costs.json'])
      copyFileSync(join(docs, name), join(outDir, name))
    copyFileSync(join(docs, '../examples/demo-site/site/icon.svg'), join(outDir, 'icon.svg'))
  },
  themeConfig: { sidebar, outline: [2, 3], search: { provider: 'local' } },
})
