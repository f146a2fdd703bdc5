/** What a log line says of an error: enough to find the place, nothing that a library quoted from a request or a key. */
export interface DescribedError {
  /** Name of the class, or the type of what was thrown when it is no `Error`. */
  readonly class: string
  /** Machine-readable code such as `ECONNREFUSED`, where there is one. */
  readonly code?: string
  readonly status?: number
  /** `at …` lines without the message before them. */
  readonly stack?: readonly string[]
  readonly cause?: DescribedError
}

const DEEPEST_CAUSE = 5
const MOST_FRAMES = 20
const CLASS_NAME = /^[A-Za-z_$][\w$]{0,63}$/
/** Short identifiers only: longer ones may be secrets. */
const CODE = /^[A-Za-z0-9][\w.-]{0,39}$/
/** A frame as V8 writes it: a place in a file, or one of its words for places without a file. */
const FRAME =
  /^\s*at (?:(?:async |new )*[\w$.<>[\] #]+ \()?(?:(?:file:\/\/|node:|[A-Za-z]:[\\/]|\/)[^()\n]{1,300}:\d+:\d+|native|<anonymous>)\)?$/

/** Never throws, whatever was thrown. */
export function describeError(error: unknown, depth = 0): DescribedError {
  try {
    return describe(error, depth)
  } catch {
    return { class: 'unreadable' }
  }
}

function describe(error: unknown, depth: number): DescribedError {
  if (!(error instanceof Error)) return { class: error === null ? 'null' : typeof error }
  const code = codeOf(error)
  const status = 'status' in error && typeof error.status === 'number' ? error.status : undefined
  const hasCause = error.cause !== undefined && error.cause !== null && depth < DEEPEST_CAUSE
  return {
    class: CLASS_NAME.test(error.constructor.name) ? error.constructor.name : 'Error',
    ...(code !== undefined && { code }),
    ...(status !== undefined && { status }),
    stack: framesOf(error),
    ...(hasCause && { cause: describeError(error.cause, depth + 1) }),
  }
}

function codeOf(error: Error): string | undefined {
  const code = 'code' in error ? error.code : undefined
  if (typeof code === 'number') return String(code)
  return typeof code === 'string' && CODE.test(code) ? code : undefined
}

/** The stack begins with the message, and a message may have lines that look like frames: it is cut off first. */
function framesOf({ stack, message }: Error): readonly string[] {
  if (typeof stack !== 'string') return []
  const start = message === '' ? -1 : stack.indexOf(message)
  const frames = start < 0 ? stack : stack.slice(start + message.length)
  return frames
    .split('\n')
    .filter((line) => FRAME.test(line))
    .slice(0, MOST_FRAMES)
    .map((line) => line.trim())
}
