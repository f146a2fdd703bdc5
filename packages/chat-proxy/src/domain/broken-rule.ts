/** What a validator found, as far as words depend on it. A validator's own words are for its users, not for ours. */
export interface FoundIssue {
  readonly code?: string | undefined
  readonly input?: unknown
  /** Of what is of a wrong type: the right one. */
  readonly expected?: string | undefined
  /** Of what is too small or too large: what kind of thing it is. */
  readonly origin?: string | undefined
  readonly minimum?: number | bigint | undefined
  readonly maximum?: number | bigint | undefined
  readonly inclusive?: boolean | undefined
  /** Of what is none of these. */
  readonly values?: readonly unknown[] | undefined
}

/** What is wanted in place of what was found; it follows the name of the field, and quotes nothing of the input. */
export function brokenRule(issue: FoundIssue): string {
  switch (issue.code ?? '') {
    case 'invalid_type':
      return issue.input === undefined
        ? 'is missing'
        : `must be ${TYPES[issue.expected ?? ''] ?? 'of another type'}`
    case 'too_small':
      return `${sized(issue)} ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${unitOf(issue, issue.minimum)}`
    case 'too_big':
      return `${sized(issue)} ${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}${unitOf(issue, issue.maximum)}`
    case 'invalid_value':
      return `must be ${alternatives(issue.values ?? [])}`
    case 'unrecognized_keys':
      return 'is not a field that is known here'
    case 'invalid_format':
      return 'has not the form that is wanted'
    default:
      return 'is not what is wanted here'
  }
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
  undefined: 'left out',
}

const UNITS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  string: ['character', 'characters'],
  array: ['entry', 'entries'],
}

const sized = ({ origin = '' }: FoundIssue): string => (UNITS[origin] ? 'must have' : 'must be')

function unitOf({ origin = '' }: FoundIssue, count: number | bigint | undefined): string {
  const unit = UNITS[origin]
  return unit ? ` ${count === 1 ? unit[0] : unit[1]}` : ''
}

function alternatives(values: readonly unknown[]): string {
  const last = String(values.at(-1))
  const others = values.slice(0, -1).map(String)
  return others.length > 0 ? `${others.join(', ')} or ${last}` : last
}
