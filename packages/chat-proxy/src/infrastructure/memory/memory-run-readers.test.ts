import { runReadersSuite } from '../../domain/ports/run-readers.suite.js'
import { SystemClock } from '../time/system-clock.js'
import { MemoryRunReaders } from './memory-run-readers.js'

runReadersSuite('memory', async () => {
  const readers = new MemoryRunReaders({ clock: new SystemClock() })
  return { reading: readers, asking: readers, close: () => Promise.resolve() }
})
