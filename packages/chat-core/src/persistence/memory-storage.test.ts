import { describe, it } from 'vitest'
import { storageSuite } from '../testing/storage-suite.js'
import { createMemoryStorage } from './memory-storage.js'

describe('memory storage', () => {
  for (const { name, run } of storageSuite) it(name, () => run(createMemoryStorage()))
})
