import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RelayFault } from '../../packages/chat-proxy/test/support/relay.js'
import { cutAfter } from '../../packages/chat-proxy/test/support/relay-faults.js'
import { ANSWER, once, Scene } from '../../packages/chat-proxy/test/durability/ask-through.js'
import { FOR_GOOD, HEALED } from '../../packages/chat-proxy/test/durability/bad-lines.js'
import { killNine } from '../../packages/chat-proxy/test/durability/kill-nine.js'
import { scaled, type Bench } from '../figure.js'
import { peersOverFaults } from '../peers/faults.js'

const SEED = Number(process.env['SEED'] ?? 20_261_120)
/** How often each fault is tried. */
const TIMES = scaled(5)
/** Every so many bytes of an answer a clean end is tried; the bench of lines that break tries every one. */
const STEP = 97
const STREAM_BYTES = 16_000

/** chat-core against the real proxy: one question over each kind of bad line, and what became of it. */
export const faults: Bench = {
  name: 'Faults on real sockets',
  parts: ['SQLite'],
  async run() {
    const scene = await Scene.open()
    const wrong: string[] = []
    const check = async (name: string, isRight: () => Promise<boolean>): Promise<void> => {
      for (let time = 0; time < TIMES; time += 1) if (!(await isRight())) return void wrong.push(name)
    }
    for (const [name, fault, about] of HEALED) await check(name, () => isHealed(scene, fault, about))
    for (const [name, fault, code] of FOR_GOOD)
      await check(`${name} for good`, () => failsWith(scene, fault, code))
    await check('a clean end at any byte', () => isWholeAfterAnyEnd(scene))
    await scene.close()
    await check('a server killed and started again', survivesKill)
    const count = HEALED.length + FOR_GOOD.length + 2
    return [
      {
        name: `faults handled right, real sockets, ${TIMES} times each`,
        today: await peersOverFaults(),
        target: `all ${count}`,
        measured: [`${count - wrong.length} of ${count}`, ...wrong.map((name) => `not: ${name}`)].join('; '),
        met: wrong.length === 0,
      },
    ]
  },
}

/** The whole answer, once made. */
async function isHealed(
  scene: Scene,
  fault: (count: number) => RelayFault | null,
  about?: RegExp,
): Promise<boolean> {
  const { status, message, generations } = await scene.ask(fault, about)
  return status === 'done' && message.content === ANSWER && generations === 1
}

async function failsWith(scene: Scene, fault: () => RelayFault, code: string): Promise<boolean> {
  const { status, error, generations } = await scene.ask(() => fault())
  return status === 'failed' && error?.code === code && generations === 0
}

async function isWholeAfterAnyEnd(scene: Scene): Promise<boolean> {
  for (let at = 1; at < STREAM_BYTES; at += STEP)
    if (
      !(await isHealed(
        scene,
        once(() => cutAfter(at, 'end')),
      ))
    )
      return false
  return true
}

/** Killed in the middle of three answers: whole, or ended as interrupted with their beginning; asked once each. */
async function survivesKill(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'colloquy-bench-'))
  try {
    const { lost, doubled, wrong } = await killNine(1, SEED, { DATA_DIR: folder })
    return lost.length + doubled.length + wrong.length === 0
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
