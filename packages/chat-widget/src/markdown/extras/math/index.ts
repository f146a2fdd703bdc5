/** What answers with math need. Fetched with the code for Markdown, where a site asks for it. */
export { Formulas } from './formulas.js'
export { mathStyles } from './math.styles.js'
