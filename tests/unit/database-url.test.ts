import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { InvalidDatabaseUrl, parseDatabaseUrl } from '../../src/infrastructures/store/postgres/database-url.ts'
import { sslOptionsOf } from '../../src/infrastructures/store/postgres/tls.ts'

const credentialsOf = (text: string) => {
  const { user, password, hosts, database } = parseDatabaseUrl(text)
  return [user, password, hosts.map(({ name, port }) => `${name}:${port}`).join(), database]
}

describe('a URL of PostgreSQL', () => {
  for (const [text, ...expected] of [
    ['postgres://db/forum', undefined, undefined, 'db:5432', 'forum'],
    ['postgresql://forum@db:6432/forum', 'forum', undefined, 'db:6432', 'forum'],
    ['postgres://', undefined, undefined, 'localhost:5432', undefined],
    ['postgres:///forum', undefined, undefined, 'localhost:5432', 'forum'],
    ['postgres://forum:p%40ss%25@[::1]:6432/my%20forum', 'forum', 'p@ss%', '::1:6432', 'my forum'],
    ['postgres://user:p@ss:w/rd#1@127.0.0.1/forum', 'user', 'p@ss:w/rd#1', '127.0.0.1:5432', 'forum'],
    ['postgres://user:what?@db/forum?sslmode=require', 'user', 'what?', 'db:5432', 'forum'],
    ['postgres://user:12?a=b@db/forum', 'user', '12?a=b', 'db:5432', 'forum'],
    ['postgres://user:a/b/c@db:1/forum', 'user', 'a/b/c', 'db:1', 'forum'],
    ['postgres://user:100%@db/forum', 'user', '100%', 'db:5432', 'forum'],
    ['postgres://user@server:pass@db/forum', 'user@server', 'pass', 'db:5432', 'forum'],
    ['postgres://user:x@db1:5432,db2:5433,db3/forum', 'user', 'x', 'db1:5432,db2:5433,db3:5432', 'forum'],
    ['postgres://user:x@/forum?host=/var/run/postgresql', 'user', 'x', '/var/run/postgresql:5432', 'forum'],
    ['postgres://user@%2Fvar%2Frun:6432/forum', 'user', undefined, '/var/run:6432', 'forum'],
    ['postgres:///forum?host=a,b&port=1,2&user=c&password=d', 'c', 'd', 'a:1,b:2', 'forum'],
    ['postgres://db?dbname=forum', undefined, undefined, 'db:5432', 'forum'],
  ] as const) {
    it(`names ${expected[2]} and ${expected[3]}: ${text}`, () => {
      assert.deepEqual(credentialsOf(text), expected)
    })
  }

  for (const [text, problem] of [
    ['postgres://user:canary@db:port/forum', /port from 1 to 65535/],
    ['postgres://user:canary@db:0/forum', /port from 1 to 65535/],
    ['postgres://user:canary@a b/forum', /host/],
    ['postgres://user:canary@db1,,db2/forum', /host/],
    ['postgres://user:canary@db/forum?sslmode=canary', /sslmode as one of disable, .*verify-full/],
    ['postgres://user:canary@db/forum?ssl_mode=require', /not known: ssl_mode$/],
    ['postgres://user:canary@db/forum?schema=canary', /not known: schema$/],
    ['postgres://user:canary@db/forum?target_session_attrs=standby', /target_session_attrs as one of any, /],
    ['postgres://user:canary@db/forum?sslmode=verify-ca', /sslrootcert for sslmode=verify-ca/],
    ['postgres://user:canary@db/forum?sslcert=canary', /sslcert and sslkey/],
    ['postgres://user:canary@db/forum?connect_timeout=soon', /connect_timeout as a number/],
    ['postgres://user:canary@db/forum?password=', /empty parameter: password/],
    ['postgres://user:canary@db/forum#canary', /postgres:\/\/<user>/],
  ] as const) {
    it(`is refused with the reason, without a secret: ${text}`, () => {
      assert.throws(
        () => parseDatabaseUrl(text),
        (error) =>
          error instanceof InvalidDatabaseUrl && problem.test(error.message) && !error.message.includes('canary'),
      )
    })
  }

  for (const [query, ...ways] of [
    ['', 'clear', 'unverified'],
    ['?sslmode=disable', 'clear'],
    ['?sslmode=allow', 'clear', 'unverified'],
    ['?sslmode=prefer', 'unverified', 'clear'],
    ['?sslmode=require', 'unverified'],
    ['?sslmode=no-verify', 'unverified'],
    ['?ssl=true', 'unverified'],
    [`?sslmode=require&sslrootcert=${import.meta.filename}`, 'chain'],
    [`?sslmode=verify-ca&sslrootcert=${import.meta.filename}`, 'chain'],
    [`?sslmode=verify-full&sslrootcert=${import.meta.filename}`, 'chain and name'],
    ['?sslmode=verify-full', 'chain and name'],
  ] as const) {
    it(`leads in as libpq would: ${query}`, () => {
      const found = sslOptionsOf(parseDatabaseUrl(`postgres://db/forum${query}`).parameters)
      assert.deepEqual(found.map(nameOf), ways)
    })
  }
})

function nameOf(way: ReturnType<typeof sslOptionsOf>[number]): string {
  if (way === false) return 'clear'
  if (way.rejectUnauthorized === false) return 'unverified'
  return way.checkServerIdentity === undefined ? 'chain and name' : 'chain'
}
