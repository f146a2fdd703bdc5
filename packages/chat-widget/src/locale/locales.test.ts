import { expect } from 'chai'
import { en } from './en.js'
import { directionOf, loadStrings, LOCALES, pickLocale } from './locales.js'
import { plural } from './plural.js'
import type { ChatStrings } from './strings.js'

describe('languages of the widget', () => {
  it('are twelve', () => {
    expect(LOCALES.toSorted().join(' ')).to.equal('ar de en es fr he hi ja ko pt ru zh')
  })

  it('are chosen by the first tag that there are words for, with its region', () => {
    expect(pickLocale(['nl', 'de-AT', 'fr']).toString()).to.equal('de-AT')
    expect(pickLocale(['', 'no tag', 'iw']).toString()).to.equal('he')
    expect(pickLocale(['zh-Hant-TW']).language).to.equal('zh')
    expect(pickLocale(['nl', 'constructor']).toString()).to.equal('en')
  })

  it('are written in their own direction', () => {
    expect(LOCALES.filter((language) => directionOf(language) === 'rtl')).to.deep.equal(['ar', 'he'])
    expect(directionOf('ar-EG')).to.equal('rtl')
  })

  it('write dates and numbers as the region does', async () => {
    expect((await loadStrings(new Intl.Locale('en-GB'))).language).to.equal('en-GB')
    expect((await loadStrings(new Intl.Locale('pt-BR'))).language).to.equal('pt-BR')
  })

  for (const language of LOCALES.filter((each) => each !== 'en')) {
    it(`${language} has words of its own for everything, with everything that belongs in them`, async () => {
      const strings = await loadStrings(new Intl.Locale(language))
      const words = spoken(strings)
      const english = spoken(en)
      expect(words.map(([name]) => name)).to.deep.equal(english.map(([name]) => name))
      const script = SCRIPTS[language]
      for (const [index, [name, text]] of words.entries()) {
        expect(text.trim(), name).not.to.equal('')
        // What is put into the words is in them, in every language.
        for (const given of [WORD, WAIT]) {
          expect(text.includes(given), `${name}: ${text}`).to.equal(english[index]?.[1].includes(given))
        }
        if (script && !ALIKE.has(name)) expect(text, name).to.match(script)
      }
      const same = words.filter(([name, text], index) => text === english[index]?.[1] && !ALIKE.has(name))
      expect(same.length, same.map(([name]) => name).join()).to.be.lessThan(8)
    })
  }
})

describe('plurals', () => {
  it('take the form that the language has for the number', () => {
    const answers = plural('ru', { one: '# ответ', few: '# ответа', many: '# ответов', other: '# ответа' })
    expect([1, 2, 5, 11, 21, 104].map(answers)).to.deep.equal([
      '1 ответ',
      '2 ответа',
      '5 ответов',
      '11 ответов',
      '21 ответ',
      '104 ответа',
    ])
  })
})

const WORD = '⟨word⟩'
const WAIT = '⟨wait⟩'

/** Words that are the same in many languages, or hold none. */
const ALIKE = new Set(['language', 'characters', 'inTime'])

/** Where a language has a script of its own, its words are in it. */
const SCRIPTS: Readonly<Record<string, RegExp>> = {
  ar: /\p{Script=Arabic}/u,
  he: /\p{Script=Hebrew}/u,
  hi: /\p{Script=Devanagari}/u,
  ja: /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u,
  ko: /\p{Script=Hangul}/u,
  ru: /\p{Script=Cyrillic}/u,
  zh: /\p{Script=Han}/u,
}

/** Everything that the widget can say, by name. */
function spoken(strings: ChatStrings): [name: string, words: string][] {
  const { errors, limits, interrupted, unreachable, openUnread, newMessages, ...others } = strings
  const pair = (name: string, { what, next }: { what: string; next: string }): [string, string][] => [
    [`${name}.what`, what],
    [`${name}.next`, next],
  ]
  return [
    ...Object.entries(others).map(([name, words]): [string, string] => [
      name,
      typeof words === 'string' ? words : words(WORD, WORD),
    ]),
    ...[1, 2, 3, 11, 100].flatMap((count): [string, string][] => [
      [`openUnread ${count}`, openUnread(count)],
      [`newMessages ${count}`, newMessages(count)],
    ]),
    ...Object.entries(limits),
    ...pair('interrupted', interrupted),
    ...pair('unreachable', unreachable),
    ...Object.entries(errors).flatMap(([code, words]) => [
      ...pair(code, words(null)),
      ...pair(`${code} with a wait`, words(WAIT)),
    ]),
  ]
}
