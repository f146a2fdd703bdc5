/** Text that is HTML. What is put into it by `markup` is escaped, unless it is HTML itself. */
export interface Markup {
  readonly text: string
}

type Part = string | Markup | readonly Markup[]

export const markup = (strings: TemplateStringsArray, ...parts: readonly Part[]): Markup => ({
  text: strings.reduce((page, string, index) => page + textOf(parts[index - 1] ?? '') + string),
})

function textOf(part: Part): string {
  if (typeof part === 'string') return escaped(part)
  return 'text' in part ? part.text : part.map(({ text }) => text).join('')
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign)

/** Words between back-quotes as code. */
export const prose = (text: string): readonly Markup[] =>
  text.split('`').map((piece, index) => (index % 2 === 1 ? markup`<code>${piece}</code>` : markup`${piece}`))
