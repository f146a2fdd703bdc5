import { exitCodeOf, interruption, passSignalsOn } from './processes.mjs'
import { SetupError } from './setup-error.mjs'

/**
 * Runs a command's body, whose result is the exit code. A `SetupError` becomes one message and exit code 1,
 * an interruption the code a shell expects; anything else is our mistake and keeps its stack.
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
    console.error(error instanceof SetupError ? `\nError: ${error.message}` : error)
    process.exitCode = 1
  }
}
