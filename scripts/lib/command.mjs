import { exitCodeOf, interruption, passSignalsOn } from './processes.mjs'
import { SetupError } from './setup-error.mjs'

/** Tells what went wrong: in one message where it is for a person to put right, with the stack where it is our mistake. */
export function told(error) {
  console.error(error instanceof SetupError ? `\nError: ${error.message}` : error)
}

/**
 * Runs a command's body, whose result is the exit code: 1 after an error, after an interruption the code that
 * a shell expects.
 * @param {() => Promise<number>} body
 */
export async function runCommand(body) {
  passSignalsOn()
  try {
    process.exitCode = await body()
  } catch (error) {
    if (interruption()) {
      process.exitCode = exitCodeOf(null, interruption())
      return
    }
    told(error)
    process.exitCode = 1
  }
}
