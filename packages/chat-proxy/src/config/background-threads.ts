import { readdirSync, readFileSync } from 'node:fs'
import { constants, getPriority, setPriority } from 'node:os'
import { setFlagsFromString } from 'node:v8'

/** Their name on Linux, from Node 24 on. */
const OF_V8 = 'V8Worker'
/** As `nice` counts: a tenth of the share of a thread at 0 where both want the same core, all of it where nobody else does. */
const BEHIND = 10
const TASKS = '/proc/self/task'

/**
 * Lets V8's own threads, which mark garbage and compile, run behind the one that serves. There are four of them however many cores
 * there are, and once in a while they take those from it for some 50 ms: every open answer then stands still for as long as 30.
 * Does nothing where threads have no names or no priorities of their own.
 *
 * What has just been made is collected without them: it is soon done, and the thread that serves would have to wait for those that
 * stand behind it. A V8 that knows the flag no more only warns.
 */
export function putV8Behind(): void {
  setFlagsFromString('--no-parallel-scavenge')
  const priority = Math.min(getPriority() + BEHIND, constants.priority.PRIORITY_LOW)
  for (const thread of threadsOfV8()) {
    try {
      setPriority(thread, priority)
    } catch {
      // It has ended, or a sandbox does not allow it: then all threads are equal, as ever.
    }
  }
}

/** Their ids. */
function threadsOfV8(): readonly number[] {
  if (process.platform !== 'linux') return []
  try {
    return readdirSync(TASKS).map(Number).filter(isOfV8)
  } catch {
    return []
  }
}

const isOfV8 = (thread: number): boolean => readFileSync(`${TASKS}/${thread}/comm`, 'utf8').trim() === OF_V8
