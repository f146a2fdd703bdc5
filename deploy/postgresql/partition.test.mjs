import { join } from 'node:path'
import { expect, test } from 'vitest'
import { call, IS_HERE, psql, startProxy, withDatabase } from './real-server.mjs'

const SCRIPT = join(import.meta.dirname, 'partition.sql')

test.skipIf(!IS_HERE)(
  'divided tables hold what the plain ones did, behind the same wall, and everything works (needs psql, and TEST_DATABASE_URL)',
  async () => {
    await withDatabase(async (url) => {
      const before = await startProxy(url)
      const { token } = await call(before, '/chat/start', null, {})
      await call(before, '/chat', token, { message: 'One?' })
      await before.stop()
      await psql(url, '-v', 'partitions=4', '-f', SCRIPT)

      const after = await startProxy(url)
      await call(after, '/chat', token, { message: 'Two?' })
      const { conversations } = await call(after, '/conversations', token)
      await after.stop()
      expect(conversations.map(({ title }) => title)).toEqual(['Two?', 'One?'])
      const walls = `select relname from pg_class where relkind = 'p' and relrowsecurity and relforcerowsecurity order by 1`
      expect(await psql(url, '-c', walls)).toBe('conversations\nevents\nmessages\nruns')
      const kept = `set colloquy.every_tenant = 'on'; select count(distinct tableoid), count(*) from messages`
      expect(await psql(url, '-c', kept)).toBe('1|4')
      await expect(psql(url, '-c', 'update events set at = 0')).rejects.toThrow('rows are only added')
    })
  },
)
