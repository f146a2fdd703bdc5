import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** What a child that serves tells first. */
export interface Listening {
  readonly port: number
}

/**
 * A script of the benches in a process of its own, so that what it does is no part of what is measured. It ends with its parent.
 * @param path below this folder
 * @param options of Node
 */
export const startScript = (
  path: string,
  args: readonly (number | string)[] = [],
  options: readonly string[] = [],
): ChildProcess =>
  fork(join(import.meta.dirname, path), args.map(String), { execArgv: [...options, '--import', 'tsx'] })

/** Where a child listens. */
export const portOf = async (child: ChildProcess): Promise<number> => (await nextFrom<Listening>(child)).port

/** What the child tells next. */
export async function nextFrom<M extends object>(child: ChildProcess): Promise<M> {
  // Scripts of the benches tell what their messages.ts says.
  const [message] = (await once(child, 'message')) as [M]
  return message
}

/** The next message of a kind. @throws when the child ends before */
export const told = <M extends { readonly kind: string }>(child: ChildProcess, kind: M['kind']): Promise<M> =>
  new Promise((resolve, reject) => {
    child.on('message', (message: M) => {
      if (message.kind === kind) resolve(message)
    })
    child.once('exit', () => reject(new Error(`It ended before it told: ${kind}.`)))
  })
