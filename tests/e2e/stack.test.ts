/** What `make build start` does around Docker on a machine that has nothing else. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { parseEnv } from 'node:util'
import { readConfig } from '../../src/main/config.ts'
import { PRODUCT } from '../../src/patterns/product.ts'
import { freshDirectory } from '../kit/command.ts'
import { readCompose, readText } from '../kit/compose.ts'
import { ownEngine, skipWithoutOwn } from '../kit/own-engine.ts'

const SCRIPT = join(import.meta.dirname, '../../scripts/stack')
const SQL = join(import.meta.dirname, '../../deploy/postgres/databases.sql')

/** A clone in which nothing was started yet. */
async function openClone() {
  const place = await freshDirectory()
  const { directory } = place
  mkdirSync(join(directory, 'scripts'))
  cpSync(SCRIPT, join(directory, 'scripts/stack'))
  return {
    ...place,
    run: (verb: string, env: Readonly<Record<string, string>> = {}) =>
      spawnSync(join(directory, 'scripts/stack'), [verb], {
        env: { PATH: process.env['PATH'], ...env },
        encoding: 'utf8',
      }),
    write: (text: string) => writeFileSync(join(directory, '.env'), text),
    text: () => readFileSync(join(directory, '.env'), 'utf8'),
    mode: () => statSync(join(directory, '.env')).mode & 0o777,
  }
}

describe('the first start of the stack', { skip: process.platform === 'win32' && 'it is for a Unix shell' }, () => {
  it('writes secrets that no other user can read, once', async () => {
    await using clone = await openClone()

    const { status, stdout } = clone.run('secrets')
    const written = clone.text()
    assert.equal(status, 0)
    assert.equal(clone.mode(), 0o600)
    const values = Object.entries(parseEnv(written)).filter(([name]) => name !== 'KEYCLOAK_ADMIN_CLIENT_ID')
    assert.deepEqual(
      values.map(([, value = '']) => /^[\da-f]{64}$/.test(value)),
      values.map(() => true),
    )
    assert.equal(new Set(values.map(([, value]) => value)).size, values.length)
    assert.ok(
      values.every(([, value = '']) => !stdout.includes(value)),
      stdout,
    )

    assert.equal(clone.run('secrets').stdout, '')
    assert.equal(clone.text(), written)
  })

  it('leaves alone what is in .env and in the environment', async () => {
    await using clone = await openClone()
    clone.write('POSTGRES_PASSWORD=mine')

    clone.run('secrets', { CACHE_PASSWORD: 'given' })

    const { POSTGRES_PASSWORD, CACHE_PASSWORD, QUEUE_PASSWORD } = parseEnv(clone.text())
    assert.deepEqual([POSTGRES_PASSWORD, CACHE_PASSWORD, QUEUE_PASSWORD?.length], ['mine', undefined, 64])
  })

  it('defines every variable of compose.yaml, and each process of the service accepts its settings', async () => {
    await using clone = await openClone()
    clone.run('secrets')
    const { services } = readCompose('compose.yaml', parseEnv(clone.text()) as Record<string, string>)

    const own = Object.values(services).filter(({ image }) => image === services[PRODUCT.service]?.image)
    assert.equal(own.length, 4)
    for (const { environment = {} } of own) {
      const set = Object.entries(environment).filter(([, value]) => value !== null)
      assert.doesNotThrow(() => readConfig({ NODE_ENV: 'production', ...Object.fromEntries(set) }, false))
    }
  })

  it('leaves a .env with which `npm start` starts, too', async () => {
    await using clone = await openClone()
    clone.run('secrets')

    assert.doesNotThrow(() => readConfig(parseEnv(clone.text()) as Record<string, string>, false))
  })

  it('says where to sign in, at the ports that were chosen', async () => {
    await using clone = await openClone()
    clone.write('HTTP_PORT=9000\n')

    assert.match(clone.run('places').stdout, /http:\/\/localhost:9000\/docs .*\n.*http:\/\/localhost:8081\/admin /)
    assert.match(clone.run('places', { KEYCLOAK_PORT: '9001' }).stdout, /http:\/\/localhost:9001\/admin /)
    assert.equal(clone.run('else').status, 2)
  })

  it('is what make does', () => {
    const makefile = readText('Makefile')

    assert.match(makefile, /^build: secrets /m)
    assert.match(makefile, /^start: secrets .*\n\tdocker compose up --detach --wait\n\t@scripts\/stack places\n/m)
    assert.match(makefile, /^secrets:\n\t@scripts\/stack secrets\n/m)
  })
})

describe('the databases of Keycloak and OpenFGA', { skip: skipWithoutOwn('postgres') }, () => {
  it('are made once, with the newest passwords, and each server enters its own alone', async () => {
    await using engine = await ownEngine('postgres')
    await engine.start()
    const { hostname, port } = new URL(engine.url)
    const psql = (words: readonly string[], env: Readonly<Record<string, string>>) =>
      execFileSync('psql', ['--no-psqlrc', '--quiet', ...words], {
        env: { ...process.env, PGHOST: hostname, PGPORT: port, PGUSER: 'postgres', PGDATABASE: 'test', ...env },
        encoding: 'utf8',
      })
    const make = (password: string) => {
      psql([`--file=${SQL}`], { KEYCLOAK_DATABASE_PASSWORD: password, OPENFGA_DATABASE_PASSWORD: 'other' })
      return psql(["--command=select rolpassword from pg_authid where rolname = 'keycloak'"], {})
    }

    assert.notEqual(make('first'), make("it's another"))

    for (const name of ['keycloak', 'openfga']) {
      psql(['--command=create table mine (id int)'], { PGUSER: name, PGDATABASE: name })
      for (const other of ['keycloak', 'openfga', 'test'].filter((each) => each !== name)) {
        assert.throws(() => psql(['--command=select 1'], { PGUSER: name, PGDATABASE: other }), /permission denied/)
      }
    }
  })
})
