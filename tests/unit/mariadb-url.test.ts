import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { InvalidDatabaseUrl, parseDatabaseUrl } from '../../src/infrastructures/store/mariadb/database-url.ts'

describe('a URL of MariaDB or MySQL', () => {
  for (const [text, ...expected] of [
    ['mariadb://db/forum', 'MariaDB', '', '', 'db', 3306, 'forum', false],
    ['mysql://forum@db:3307/forum', 'MySQL', 'forum', '', 'db', 3307, 'forum', false],
    ['mysql://forum:p%40ss%25%23@[::1]:3307/my%20forum', 'MySQL', 'forum', 'p@ss%#', '::1', 3307, 'my forum', false],
    ['mariadb://forum:100%@db/forum', 'MariaDB', 'forum', '100%', 'db', 3306, 'forum', false],
    ['mariadb://db/forum?ssl-mode=disabled', 'MariaDB', '', '', 'db', 3306, 'forum', false],
    ['mariadb://db/forum?ssl-mode=required', 'MariaDB', '', '', 'db', 3306, 'forum', { rejectUnauthorized: false }],
    ['mysql://db/forum?ssl-mode=verify-identity', 'MySQL', '', '', 'db', 3306, 'forum', { rejectUnauthorized: true }],
  ] as const) {
    it(`names a database and the way to it: ${text}`, () => {
      const { product, user, password, host, port, database, tls } = parseDatabaseUrl(text)

      assert.deepEqual([product, user, password, host, port, database, tls], expected)
    })
  }

  for (const [text, problem] of [
    ['mariadb://user:canary@db', /name a database/],
    ['mariadb://user:canary@db/', /name a database/],
    ['mariadb://user:canary@db/one/two', /name a database/],
    ['mariadb:///forum', /host/],
    ['mariadb://user:canary@db:port/forum', /URL with a host/],
    ['mariadb://user:canary#1@db/forum', /host|fragment/],
    ['mariadb://db/forum?ssl-mode=canary', /ssl-mode as one of disabled, required, verify-identity/],
    ['mariadb://db/forum?password=canary', /no parameter but ssl-mode/],
  ] as const) {
    it(`is refused without a secret: ${text}`, () => {
      assert.throws(
        () => parseDatabaseUrl(text),
        (error) => {
          assert.ok(error instanceof InvalidDatabaseUrl)
          assert.match(error.message, problem)
          assert.doesNotMatch(error.message, /canary/)
          return true
        },
      )
    })
  }
})
