import { expect, test } from 'vitest'
import { squeezeCss } from './squeeze-templates.mjs'

test('a style sheet keeps its meaning without blanks, comments and zeros before a point', () => {
  const css = `
  /* seen by nobody */
  :host(:not([open])) .a > b, i + i {
    width: calc(100% - 2 * var(--gap, 20px));
    margin: -0.5px 10.05px 0 !important;
    color: rgb(1 2 3 / 60%);
    font: var( --font, 'A B' );
  }
  @media (width < 9px) { ::slotted([slot='x']) { opacity: 0 } }
  @media print { [a='-x'] { color: red } }`
  expect(squeezeCss(css)).toBe(
    " :host(:not([open])) .a>b,i+i{width:calc(100% - 2 * var(--gap,20px));margin:-.5px 10.05px 0!important;color:rgb(1 2 3/60%);font:var(--font,'A B')}@media(width < 9px){::slotted([slot=x]){opacity:0}}@media print{[a='-x']{color:red}}",
  )
})

test('a sum in the condition of a rule keeps its blanks, without which it is none', () => {
  const css = '@media (width < calc(1em + 9px)) { b + i { top: 0 } }'
  expect(squeezeCss(css)).toBe('@media(width < calc(1em + 9px)){b+i{top:0}}')
})
