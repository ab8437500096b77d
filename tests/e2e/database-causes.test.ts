import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { Client } from 'pg'
import { PRODUCT } from '../../src/patterns/product.ts'
import { localhostCertificate } from '../kit/certificates.ts'
import { freshDirectory, runCommand, startCommand, until } from '../kit/command.ts'
import { postgresUrl, skipWithout } from '../kit/engines.ts'
import { freshDatabase } from '../kit/fresh-database.ts'
import { startPgBouncer } from '../kit/pgbouncer.ts'
import { freePorts, startService } from '../kit/service.ts'

const CANARY = 'canary-7f3a'

describe('a database that cannot be used', { skip: skipWithout('postgres') || skipWithout('pgbouncer') }, () => {
  const open = new AsyncDisposableStack()
  const server = new URL(postgresUrl ?? 'postgres://none')
  let directory: string
  let url: string
  let pooler: Awaited<ReturnType<typeof startPgBouncer>>
  let certificate: Awaited<ReturnType<typeof localhostCertificate>>

  before(async () => {
    directory = open.use(await freshDirectory()).directory
    url = open.adopt(await freshDatabase(), ({ drop }) => drop()).url
    certificate = open.use(await localhostCertificate())
    const users = join(directory, 'users')
    writeFileSync(users, `"postgres" "right"`, { mode: 0o644 })
    const settings = `auth_type = scram-sha-256\nauth_file = ${users}\nclient_tls_sslmode = require
      client_tls_key_file = ${certificate.key}\nclient_tls_cert_file = ${certificate.certificate}`
    pooler = open.use(await startPgBouncer({ server, mode: 'transaction', settings }))
  })
  after(() => open.disposeAsync())

  const place = () => `${server.hostname}:${server.port}`
  const changed = (text: string, changes: Partial<URL>) => Object.assign(new URL(text), changes).href
  const withPassword = (password: string) => changed(pooler.through(url), { password })
  const migrate = (address: string) => runCommand(['migrate'], { directory, env: { DATABASE_URL: address } })

  async function isRefused(address: string, cause: RegExp): Promise<void> {
    const { code, stdout, stderr } = await migrate(address)
    assert.deepEqual([code, stdout], [78, ''], stderr)
    assert.match(stderr, /^DATABASE_URL postgres:\/\/[^ ]+: .+\n$/)
    assert.match(stderr, cause)
    assert.doesNotMatch(stderr, new RegExp(CANARY))
  }

  it('says that it is not there', async () => {
    await isRefused(changed(url, { pathname: '/nowhere' }), /: database "nowhere" does not exist/)
    await isRefused(changed(withPassword('right'), { pathname: '/nowhere' }), /: database "nowhere" does not exist/)
  })

  it('says that the role is not there', () => isRefused(changed(url, { username: 'nobody' }), /: role "nobody"/))

  it('says that the password is refused, or that one is asked for', async () => {
    await isRefused(withPassword(CANARY), /SASL authentication failed/)
    await isRefused(withPassword(''), /asks for a password/)
  })

  it('says that nothing may be created in it', async () => {
    const client = new Client({ connectionString: url })
    await client.connect()
    const role = `forum_reader_${process.pid}`
    await client.query(`create role ${role} login`)
    await isRefused(changed(url, { username: role }), /permission denied for schema public/)
    await client.query(`drop role ${role}`)
    await client.end()
  })

  it('says that it speaks no TLS, or nothing else', async () => {
    await isRefused(`${url}?sslmode=require`, /speaks no TLS, which sslmode asks for/)
    await isRefused(`${withPassword('right')}?sslmode=disable`, /SSL required/)
  })

  it('says that its certificate is not trusted, or is of another host', async () => {
    const known = `sslrootcert=${certificate.authority}`
    await isRefused(`${withPassword('right')}?sslmode=verify-full`, /certificate of the server is not trusted: /)
    await isRefused(`${withPassword('right')}?sslmode=verify-full&${known}`, /not trusted: .*127\.0\.0\.1.*cert's/i)
    await isRefused(`${withPassword('right')}?sslmode=verify-ca&sslrootcert=/not/there`, /sslrootcert \/not\/there/)
  })

  it('can be used by every sslmode that is satisfied, and the driver adds nothing to that', async () => {
    const secured = withPassword('right')
    const known = `sslrootcert=${certificate.authority}`
    for (const address of [
      `${url}?sslmode=prefer`,
      `${url}?sslmode=allow`,
      `${url}?sslmode=disable`,
      secured,
      `${secured}?sslmode=allow`,
      `${secured}?sslmode=prefer`,
      `${secured}?sslmode=require`,
      `${secured}?sslmode=no-verify`,
      `${secured}?sslmode=require&${known}`,
      `${secured}?sslmode=verify-ca&${known}`,
      `${changed(secured, { hostname: 'localhost' })}?sslmode=verify-full&${known}`,
    ]) {
      const { code, stderr } = await migrate(address)
      assert.deepEqual([code, stderr], [0, ''], address)
    }
  })

  it('is waited for aloud, and named with the cause when it does not come', async () => {
    const [port] = (await freePorts(1)) as [number]
    const address = changed(url, { port: String(port), password: CANARY })
    const [http, health] = (await freePorts(2)).map(String) as [string, string]
    const env = { DATABASE_URL: address, HTTP_PORT: http, HEALTH_PORT: health, LOG_FORMAT: 'ecs' }
    await using started = startCommand([], { directory, env })

    const cause = `PostgreSQL at 127.0.0.1:${port} (DATABASE_URL): connect ECONNREFUSED`
    await until('it says so', () => started.stdout().includes(`"waiting for ${cause}`), 5_000)
    assert.equal(await started.ended(40_000), 1)

    assert.match(started.stderr(), new RegExp(`^${RegExp.escape(cause)} \\S+; gave up after \\d+ attempts\n$`))
    assert.doesNotMatch(started.stdout() + started.stderr(), new RegExp(CANARY))
  })

  it('is waited for aloud behind a pooler, too', async () => {
    const [dead] = (await freePorts(1)) as [number]
    const nothing = Object.assign(new URL(server), { port: String(dead) })
    await using before = await startPgBouncer({ server: nothing, mode: 'transaction' })
    const [http, health] = (await freePorts(2)).map(String) as [string, string]
    const env = { DATABASE_URL: before.through(url), HTTP_PORT: http, HEALTH_PORT: health, LOG_FORMAT: 'ecs' }
    await using started = startCommand([], { directory, env })

    await until(
      'it says so',
      () => /"waiting for PostgreSQL at [^"]+ \(DATABASE_URL\): \w+/.test(started.stdout()),
      8_000,
    )
  })

  it('is looked for at each of several hosts, until one takes writes', async () => {
    const [dead] = (await freePorts(1)) as [number]
    const several = (hosts: string) => url.replace(place(), hosts)
    const first = await migrate(`${several(`127.0.0.1:${dead},${place()}`)}?target_session_attrs=read-write`)
    assert.deepEqual([first.code, first.stderr], [0, ''])

    const none = await migrate(several(`127.0.0.1:${dead},127.0.0.1:${dead}`))
    assert.equal(none.code, 1)
    assert.match(none.stderr, new RegExp(`127.0.0.1:${dead}: connect ECONNREFUSED.*; 127.0.0.1:${dead}: connect `))
  })

  it('is down while it takes no writes, and up again when it does', async () => {
    await migrate(url)
    const client = new Client({ connectionString: url })
    await client.connect()
    const setReadOnly = (is: string) =>
      client.query(`alter database ${new URL(url).pathname.slice(1)} set default_transaction_read_only = ${is}`)

    await using service = await startService({ directory, env: { DATABASE_URL: url } })
    const statuses = async () => {
      const pages = ['/ready', '/health-check'].map(async (path) => (await fetch(service.healthUrl + path)).status)
      return (await Promise.all(pages)).join()
    }
    assert.equal(await statuses(), '200,200')

    await setReadOnly('on')
    await client.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name = '${PRODUCT.service}'`)
    await until('it is down', async () => (await statuses()) === '503,503')
    const { checks } = (await (await fetch(`${service.healthUrl}/health-check`)).json()) as {
      checks: { database: object }
    }
    assert.match(JSON.stringify(checks.database), /"down"/)

    await setReadOnly('off')
    await until('it is up', async () => (await statuses()) === '200,200')
    await client.end()
  })
})
