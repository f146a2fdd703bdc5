/** The forms of a plural by their CLDR category, as `Intl.PluralRules` names them; `#` stands for the number. */
export type PluralForms = { readonly other: string } & Readonly<Partial<Record<Intl.LDMLPluralRule, string>>>

/**
 * Words for a number of things.
 * @param language BCP 47 tag, whose rules for plurals are used
 */
export function plural(language: string, forms: PluralForms): (count: number) => string {
  const rules = new Intl.PluralRules(language)
  const number = new Intl.NumberFormat(language)
  return (count) => (forms[rules.select(count)] ?? forms.other).replace('#', number.format(count))
}
