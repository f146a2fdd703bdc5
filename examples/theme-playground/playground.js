// The form, the page's address and the two chats, kept in step. What the settings mean is in theme.js.
import { advice, DEFAULTS, PRESETS, toCss } from './theme.js'

const form = document.querySelector('#settings')
const sheet = new CSSStyleSheet()
// An inline style would need a hole in the page's policy; a sheet that a script makes does not.
document.adoptedStyleSheets.push(sheet)

for (const [name, settings] of Object.entries(PRESETS)) {
  const button = document.createElement('button')
  button.type = 'button'
  button.textContent = name
  button.addEventListener('click', () => fill({ ...DEFAULTS, ...settings }))
  document.querySelector('#presets').append(button)
}

form.addEventListener('input', show)
form.addEventListener('submit', (event) => event.preventDefault())
document.querySelector('#copy').addEventListener('click', () => void copy())

// A theme can be passed on as an address.
fill({ ...DEFAULTS, ...known(new URLSearchParams(location.hash.slice(1))) })

function fill(values) {
  for (const [name, value] of Object.entries(values)) form.elements[name].value = value
  show()
}

async function copy() {
  await navigator.clipboard.writeText(toCss(settings()))
  document.querySelector('#copy').textContent = 'Copied'
}

function settings() {
  return Object.fromEntries(Object.keys(DEFAULTS).map((name) => [name, form.elements[name].value]))
}

function show() {
  const now = settings()
  const css = toCss(now)
  sheet.replaceSync(css)
  document.querySelector('#css').textContent = css
  document.querySelector('#copy').textContent = 'Copy'
  for (const output of form.querySelectorAll('output')) {
    output.textContent = `${output.previousElementSibling.value} px`
  }
  const lines = advice(now).map((text) => Object.assign(document.createElement('li'), { textContent: text }))
  document.querySelector('#advice').replaceChildren(...lines)
  const changed = Object.entries(now).filter(([name, value]) => value !== DEFAULTS[name])
  history.replaceState(null, '', `#${new URLSearchParams(changed)}`)
}

/** Of what an address says, what is a setting and has its form. */
function known(parameters) {
  const isColour = (name) => DEFAULTS[name].startsWith('#')
  const fits = (name, value) => (isColour(name) ? /^#[\da-f]{6}$/.test(value) : !/[;{}]/.test(value))
  return Object.fromEntries(
    [...parameters].filter(([name, value]) => Object.hasOwn(DEFAULTS, name) && fits(name, value)),
  )
}
