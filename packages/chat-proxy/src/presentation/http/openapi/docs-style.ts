import { markup } from '../html/markup.js'

/** The look of the documentation. Colours follow the reader's system. */
export const DOCS_STYLE = markup`
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 20%, transparent) }
* { box-sizing: border-box }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; display: grid; grid-template-columns: 16rem minmax(0, 1fr) }
nav { position: sticky; top: 0; height: 100vh; overflow: auto; padding: 1rem; border-right: 1px solid var(--line); font-size: .875rem }
nav ul { list-style: none; margin: 0 0 .5rem; padding-left: .75rem }
main { padding: 1rem 2rem; max-width: 64rem }
section { border-top: 1px solid var(--line); padding: .5rem 0 1rem }
h3 { margin: .5rem 0; overflow-wrap: anywhere }
h4 { margin: .75rem 0 .25rem }
code, pre { font-family: ui-monospace, monospace; font-size: .875em; overflow-wrap: anywhere }
pre { padding: .75rem; border: 1px solid var(--line); border-radius: .375rem; overflow: auto }
table { border-collapse: collapse; margin: .25rem 0 }
td { border: 1px solid var(--line); padding: .25rem .5rem; vertical-align: top }
details { margin: .25rem 0 }
summary { cursor: pointer }
.method { display: inline-block; min-width: 4.5rem; font-weight: 700 }
.access { font-size: .875rem }
.content { margin-left: 1rem }
@media (max-width: 48rem) { body { display: block } nav { position: static; height: auto; border: 0 } main { padding: 1rem } }
`
