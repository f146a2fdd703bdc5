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
const SIDES = ['light', 'dark']
const NEAR_BLACK = '#16181d'
/** Between a text and its background, with something to spare: code and tables have a background that is a little nearer. */
const READABLE = 5
/** How far secondary text goes towards the background, at most, and how far lines come from it. */
const MUTED_SHARE = 0.4
const LINE_SHARE = 0.12
const SUNKEN = '--chat-sunken: color-mix(in oklab, var(--chat-surface) 95%, light-dark(#000, #fff));'

/**
 * The rule that a page needs: what differs from the default, and nothing else.
 *
 * @param {Settings} settings
 */
export function toCss(settings) {
  const lines = [
    ...COLOURS.filter((name) => isChanged(settings, name)).map((name) => declare(name, pair(settings, name))),
    ...derived(settings),
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
 * What goes with the chosen colours, so that all of it can be read.
 *
 * @param {Settings} settings
 */
function derived(settings) {
  const [accent, surface, text] = COLOURS.map((name) => isChanged(settings, name))
  const sides = SIDES.map((side) => coloursOf(settings, side))
  return [
    ...(accent ? [declare('on-accent', sides.map(onAccent))] : []),
    ...(accent || surface ? [declare('accent-text', sides.map(accentText))] : []),
    ...(surface ? [SUNKEN] : []),
    ...(surface || text ? [declare('muted', sides.map(muted)), declare('line', sides.map(line))] : []),
  ]
}

/**
 * @param {string} name
 * @param {readonly string[]} values in the light and in the dark
 */
const declare = (name, [light, dark]) => `--chat-${name}: light-dark(${light}, ${dark});`

/**
 * @param {Settings} settings
 * @param {string} name
 */
const isChanged = (settings, name) =>
  SIDES.some((side) => settings[`${name}-${side}`] !== DEFAULTS[`${name}-${side}`])

/**
 * @param {Settings} settings
 * @param {string} name
 */
const pair = (settings, name) => SIDES.map((side) => settings[`${name}-${side}`] ?? '')

/**
 * @typedef {{ accent: string, surface: string, text: string }} Colours
 * @param {Settings} settings
 * @param {string} side
 * @returns {Colours}
 */
const coloursOf = (settings, side) => ({
  accent: settings[`accent-${side}`] ?? '',
  surface: settings[`surface-${side}`] ?? '',
  text: settings[`text-${side}`] ?? '',
})

/** Black or white, whichever reads better on the accent. @param {Colours} colours */
const onAccent = ({ accent }) =>
  contrast('#ffffff', accent) >= contrast(NEAR_BLACK, accent) ? '#ffffff' : NEAR_BLACK

/** @param {Colours} colours */
const line = ({ surface, text }) => mix(surface, text, LINE_SHARE)

/**
 * The accent where it is text, moved away from the surface until it can be read.
 *
 * @param {Colours} colours
 */
function accentText({ accent, surface }) {
  const towards = luminance(surface) > 0.5 ? '#000000' : '#ffffff'
  let mixed = accent
  for (let step = 1; contrast(mixed, surface) < READABLE && step <= 20; step += 1) {
    mixed = mix(accent, towards, step / 20)
  }
  return mixed
}

/**
 * Secondary text: the text, as far towards the surface as it can still be read.
 *
 * @param {Colours} colours
 */
function muted({ text, surface }) {
  let share = MUTED_SHARE
  while (share > 0 && contrast(mix(text, surface, share), surface) < READABLE) share -= 0.05
  return mix(text, surface, Math.max(0, share))
}

/**
 * Where a text would be hard to read.
 *
 * @param {Settings} settings
 */
export function advice(settings) {
  return SIDES.flatMap((side) => {
    const { accent, surface, text } = coloursOf(settings, side)
    return [
      tooClose(`Text on its background, in the ${side}`, contrast(text, surface), 4.5),
      tooClose(`The launcher on a background like this, in the ${side}`, contrast(accent, surface), 3),
      wrongSide(side, luminance(surface) < luminance(text)),
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
 * @param {string} side
 * @param {boolean} isDark the text is lighter than its background
 */
function wrongSide(side, isDark) {
  const other = isDark ? 'dark' : 'light'
  return side === other
    ? []
    : [
        `In the ${side}, errors and notices look ${side}. For these colours set theme="${other}" and choose them there.`,
      ]
}

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
 * @param {string} towards
 * @param {number} share
 */
const mix = (hex, towards, share) =>
  `#${channels(hex)
    .map((value, at) => Math.round(value + ((channels(towards)[at] ?? 0) - value) * share))
    .map((value) => value.toString(16).padStart(2, '0'))
    .join('')}`
