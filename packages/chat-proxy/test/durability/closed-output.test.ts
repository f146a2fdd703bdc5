import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ProxyProcess } from '../support/proxy-process.js'

describe('a proxy whose output nobody reads any more', () => {
  it('goes on answering and ends as asked', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'colloquy-output-'))
    const proxy = await ProxyProcess.start({ DATA_DIR: folder, LOG_LEVEL: 'debug' })
    proxy.closeOutput()
    for (let count = 0; count < 20; count += 1) {
      expect((await fetch(`http://127.0.0.1:${proxy.port}/readyz`)).status).toBe(200)
    }
    expect(await proxy.terminate()).toBe(0)
    await rm(folder, { recursive: true, force: true })
  })
})
