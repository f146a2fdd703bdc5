import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { deadLinks } from './docs-site.mjs'

let site
beforeEach(() => {
  site = mkdtempSync(join(tmpdir(), 'colloquy-site-'))
  mkdirSync(join(site, 'guide'))
  writeFileSync(join(site, 'picture.svg'), '<svg/>')
  writeFileSync(join(site, 'guide.html'), '<h1 id="top">Guide</h1>')
})
afterEach(() => rmSync(site, { recursive: true, force: true }))

const page = (name, html) => writeFileSync(join(site, name), html)

test('links to pages, headings and files of the site lead somewhere', () => {
  page(
    'index.html',
    '<a href="/guide">1</a><a href="guide#top">2</a><img src="./picture.svg"><a href="#a">3</a><p id="a">',
  )
  page('guide/more.html', '<a href="../guide">1</a><a href="/">2</a><a href="./more.html">3</a>')
  expect(deadLinks(site)).toEqual([])
})

test('what is not there is named, with the page that links to it', () => {
  page(
    'index.html',
    '<a href="/gone">1</a><a href="guide#gone">2</a><img src="gone.svg"><a href="#gone">3</a>',
  )
  expect(deadLinks(site)).toEqual(
    ['/gone', 'guide#gone', 'gone.svg', '#gone'].map((link) => `index.html: dead link ${link}`),
  )
})

test('links to elsewhere are not followed', () => {
  page(
    'index.html',
    '<a href="https://example.com/x">1</a><a href="mailto:a@example.com">2</a><img src="data:,">',
  )
  expect(deadLinks(site)).toEqual([])
})
