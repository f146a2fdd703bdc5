import { en } from './en.js'
import type { ChatStrings } from './strings.js'

/** Every language that there are words for, each a file of its own that is fetched when somebody reads it. */
const LOADERS = {
  ar: () => import('./translations/ar.js'),
  de: () => import('./translations/de.js'),
  es: () => import('./translations/es.js'),
  fr: () => import('./translations/fr.js'),
  he: () => import('./translations/he.js'),
  hi: () => import('./translations/hi.js'),
  ja: () => import('./translations/ja.js'),
  ko: () => import('./translations/ko.js'),
  pt: () => import('./translations/pt.js'),
  ru: () => import('./translations/ru.js'),
  zh: () => import('./translations/zh.js'),
}

type Translated = keyof typeof LOADERS

/** BCP 47 language tags. English comes with the widget. */
export const LOCALES = ['en', ...Object.keys(LOADERS)]

const isTranslated = (language: string): language is Translated => Object.hasOwn(LOADERS, language)

/**
 * The first of `wanted` that there are words for, with its region, which dates and numbers are written by. English when
 * there is none.
 * @param wanted BCP 47 tags, the best first; what is not one is passed over
 */
export function pickLocale(wanted: readonly string[]): Intl.Locale {
  const known = wanted.map(toLocale).find((locale) => locale && LOCALES.includes(locale.language))
  return known ?? new Intl.Locale('en')
}

function toLocale(tag: string): Intl.Locale | null {
  try {
    return new Intl.Locale(tag)
  } catch {
    return null
  }
}

/**
 * The words of a language that `pickLocale` chose.
 * @throws what the browser says when their file does not come
 */
export async function loadStrings(locale: Intl.Locale): Promise<ChatStrings> {
  const { language } = locale
  const strings = isTranslated(language) ? (await LOADERS[language]()).strings : en
  return { ...strings, language: locale.toString() }
}

/** Which way a language of ours is written. Asked for with every change of the chat: taking the tag apart takes 30 µs. */
export const directionOf = (language: string): 'ltr' | 'rtl' => (/^(ar|he)\b/i.test(language) ? 'rtl' : 'ltr')
