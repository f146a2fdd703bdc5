import { rateLimiterSuite } from '../../domain/ports/rate-limiter.suite.js'
import { FakeClock } from '../time/testing/fake-clock.js'
import { BucketRateLimiter } from './bucket-rate-limiter.js'

rateLimiterSuite('memory', async () => {
  const clock = new FakeClock()
  const limiter = new BucketRateLimiter({ clock })
  return {
    open: () => limiter,
    pass: async (ms) => clock.advance(ms),
    close: async () => {},
  }
})
