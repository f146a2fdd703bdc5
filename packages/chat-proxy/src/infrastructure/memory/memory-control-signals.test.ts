import { controlSignalsSuite } from '../../domain/ports/control-signals.suite.js'
import { MemoryControlSignals } from './memory-control-signals.js'

controlSignalsSuite('memory', async () => {
  const signals = new MemoryControlSignals()
  return { announcing: signals, listening: signals, close: () => Promise.resolve() }
})
