import type { JsonText, Path } from './hostile-values.js'

/** A sample as JSON text in which one place holds something else; what is missing on the way to it is added. */
export function withValue(sample: unknown, path: Path, value: JsonText): JsonText {
  const [step, ...rest] = path
  if (step === undefined) return value
  if (typeof step === 'number') {
    const list: readonly unknown[] = Array.isArray(sample) ? sample : []
    return `[${[withValue(list[0], rest, value), ...list.slice(1).map((one) => JSON.stringify(one))].join(',')}]`
  }
  const fields = isObject(sample) ? sample : {}
  const others = Object.entries(fields).filter(([name]) => name !== step)
  const written = others.map(([name, one]) => `${JSON.stringify(name)}:${JSON.stringify(one)}`)
  return `{${[...written, `${JSON.stringify(step)}:${withValue(fields[step], rest, value)}`].join(',')}}`
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
