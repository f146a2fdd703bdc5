// What the settings mean: pure functions, from values of the form to CSS and to advice.

/** @typedef {Readonly<Record<string, string>>} Settings */

/** @type {Settings} */
export const DEFAULTS = {
  'accent-light': '#3552cf',
  'accent-dark': '#4d64e0',
  'surface-light': '#ffffff',
  'surface-dark': '#15171e',
  'text-light': '#181b24',
  'text-dark': '#eceef5',
  radius: '20',
  width: '400',
  height: '680',
  'launcher-size': '60',
  font: '',
}

/** @type {Readonly<Record<string, Settings>>} */
export const PRESETS = {
  Default: {},
  Moss: {
    'accent-light': '#2f6b3c',
    'accent-dark': '#6cc08b',
    'surface-light': '#fbfcf8',
    'surface-dark': '#141a15',
    radius: '14',
  },
  Brick: {
    'accent-light': '#a4492a',
    'accent-dark': '#e08a63',
    'surface-light': '#fffaf5',
    'surface-dark': '#1d1613',
    font: 'Georgia, serif',
    radius: '6',
  },
  Ink: {
    'accent-light': '#1b1b1f',
    'accent-dark': '#e8e8ec',
    'surface-dark': '#0e0e11',
    radius: '0',
  },
}

const COLOURS = ['accent', 'surface', 'text']
const LENGTHS = ['radius', 'width', 'height', 'launcher-size']
const NEAR_BLACK = '#16181d'

/**
 * The rule that a page needs: what differs from the default, and nothing else.
 *
 * @param {Settings} settings
 */
export function toCss(settings) {
  const lines = [
    ...COLOURS.flatMap((name) => colour(settings, name)),
    ...LENGTHS.filter((name) => settings[name] !== DEFAULTS[name]).map(
      (name) => `--chat-${name}: ${settings[name]}px;`,
    ),
    ...(settings.font ? [`--chat-font: ${settings.font};`] : []),
  ]
  return lines.length === 0
    ? '/* The default needs nothing. */'
    : `chat-widget {\n${lines.map((line) => `  ${line}`).join('\n')}\n}`
}

/**
 * @param {Settings} settings
 * @param {string} name
 */
function colour(settings, name) {
  const [light = '', dark = ''] = pair(settings, name)
  const isDefault = light === DEFAULTS[`${name}-light`] && dark === DEFAULTS[`${name}-dark`]
  if (isDefault) return []
  const lines = [`--chat-${name}: light-dark(${light}, ${dark});`]
  if (name === 'accent') {
    lines.push(`--chat-on-accent: light-dark(${readableOn(light)}, ${readableOn(dark)});`)
    const [surfaceLight = '', surfaceDark = ''] = pair(settings, 'surface')
    const texts = [accentText(light, surfaceLight), accentText(dark, surfaceDark)]
    lines.push(`--chat-accent-text: light-dark(${texts.join(', ')});`)
  }
  if (name === 'surface') {
    const mixed = 'color-mix(in oklab, var(--chat-surface) 95%, light-dark(#000, #fff))'
    lines.push(`--chat-sunken: ${mixed};`)
  }
  return lines
}

/**
 * @param {Settings} settings
 * @param {string} name
 */
const pair = (settings, name) => ['light', 'dark'].map((side) => settings[`${name}-${side}`] ?? '')

/** Black or white, whichever reads better on `background`. @param {string} background */
const readableOn = (background) =>
  contrast('#ffffff', background) >= contrast(NEAR_BLACK, background) ? '#ffffff' : NEAR_BLACK

/**
 * The accent where it is text, moved away from the surface until it can be read.
 *
 * @param {string} accent
 * @param {string} surface
 */
function accentText(accent, surface) {
  const towards = luminance(surface) > 0.5 ? 0 : 255
  let mixed = accent
  for (let step = 1; contrast(mixed, surface) < 5 && step <= 20; step += 1) {
    mixed = mix(accent, towards, step / 20)
  }
  return mixed
}

/**
 * Where a text would be hard to read.
 *
 * @param {Settings} settings
 */
export function advice(settings) {
  return ['light', 'dark'].flatMap((side) => {
    const text = settings[`text-${side}`] ?? ''
    const surface = settings[`surface-${side}`] ?? ''
    const accent = settings[`accent-${side}`] ?? ''
    return [
      tooClose(`Text on its background, in the ${side}`, contrast(text, surface), 4.5),
      tooClose(`The launcher on a background like this, in the ${side}`, contrast(accent, surface), 3),
    ].flat()
  })
}

/**
 * @param {string} what
 * @param {number} ratio
 * @param {number} least
 */
const tooClose = (what, ratio, least) =>
  ratio >= least ? [] : [`${what}: ${ratio.toFixed(1)} : 1, and it should be at least ${least} : 1.`]

/**
 * Contrast of two colours, 1 to 21 (WCAG 2.2).
 *
 * @param {string} one
 * @param {string} other
 */
export function contrast(one, other) {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b)
  return (high + 0.05) / (low + 0.05)
}

/** @param {string} hex such as `#3552cf` */
function luminance(hex) {
  const [red = 0, green = 0, blue = 0] = channels(hex).map((value) => {
    const share = value / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** @param {string} hex */
const channels = (hex) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16))

/**
 * @param {string} hex
 * @param {number} towards 0 for black, 255 for white
 * @param {number} share
 */
const mix = (hex, towards, share) =>
  `#${channels(hex)
    .map((value) => Math.round(value + (towards - value) * share))
    .map((value) => value.toString(16).padStart(2, '0'))
    .join('')}`
