import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { killNine } from './kill-nine.js'

describe('a proxy that is killed while it answers', () => {
  it('loses and doubles no acknowledged message, and ends what it left open', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'colloquy-kill-'))
    const seed = Number(process.env['SEED'] ?? 9)
    const { lost, doubled, wrong } = await killNine(6, seed, { DATA_DIR: folder })
    await rm(folder, { recursive: true, force: true })
    expect({ lost, doubled, wrong }, `seed ${seed}`).toEqual({ lost: [], doubled: [], wrong: [] })
  }, 60_000)
})
