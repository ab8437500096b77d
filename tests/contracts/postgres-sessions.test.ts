import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { DependencyUnavailable } from '../../src/domains/errors/dependency-errors.ts'
import type { StoreDriver } from '../../src/infrastructures/store/driver.ts'
import { statementName } from '../../src/infrastructures/store/postgres/commit.ts'
import { postgresDialect } from '../../src/infrastructures/store/postgres/dialect.ts'
import { openDatabase } from '../../src/infrastructures/store/postgres/open-database.ts'
import { sqlDriver } from '../../src/infrastructures/store/sql/sql-driver.ts'
import { PRODUCT } from '../../src/patterns/product.ts'
import { until } from '../kit/command.ts'
import { skipWithout } from '../kit/engines.ts'
import { freshDatabase } from '../kit/fresh-database.ts'
import { adding, saving } from '../kit/library/changes.ts'
import { LIBRARY } from '../kit/library/library.ts'
import { aBook, aMember, newMemberId } from '../kit/library/samples.ts'
import { readersOf } from '../kit/library/store.ts'
import { NEWEST_FIRST, SORTS } from '../kit/sorts.ts'
import { watched } from '../kit/watched-database.ts'
import { openLibrary } from './opened-postgres.ts'

/** A session that is younger is not given up. */
const OLD_ENOUGH_MS = 1_100
const LIST = { filter: {}, sort: NEWEST_FIRST, after: null, limit: 20 } as const

describe('a session of PostgreSQL', { skip: skipWithout('postgres') }, () => {
  let database: Awaited<ReturnType<typeof freshDatabase>>
  let admin: Client
  let driver: StoreDriver

  const options = () => ({ url: database.url, poolSize: 4, onIdleError: () => {} })
  const newMember = () => aMember()

  beforeEach(async () => {
    database = await freshDatabase()
    admin = new Client({ connectionString: database.url })
    await admin.connect()
    driver = await openLibrary({ ...options() })
  })
  afterEach(async () => {
    await driver.close()
    await admin.end()
    await database.drop()
  })

  /** As where a standby becomes the primary, or the disk of a managed server has room again. */
  async function becomesReadOnly(is: boolean): Promise<void> {
    const name = new URL(database.url).pathname.slice(1)
    await admin.query(`alter database ${name} set default_transaction_read_only = ${is ? 'on' : 'off'}`)
  }

  it('that may not write is given up, so that the next one may, and the database is down meanwhile', async () => {
    await becomesReadOnly(true)
    const [member, late] = [newMember(), newMember()]

    await assert.rejects(driver.ping(), isReadOnly)
    await assert.rejects(driver.commit([adding.member(member)]), DependencyUnavailable)
    assert.equal(await readersOf(driver).members.find(member.id), null)
    await becomesReadOnly(false)
    await sleep(OLD_ENOUGH_MS)

    await driver.commit([adding.member(late)])
    assert.deepEqual(await readersOf(driver).members.find(late.id), late)
    await driver.ping()
  })

  it('that may not write is given up by who only asks how it is', async () => {
    await becomesReadOnly(true)
    await assert.rejects(driver.ping(), isReadOnly)
    await becomesReadOnly(false)
    await sleep(OLD_ENOUGH_MS)

    await assert.rejects(driver.ping(), isReadOnly)
    await driver.ping()
  })

  it('that an administrator ends fails no read', async () => {
    const member = newMember()
    await driver.commit([adding.member(member)])
    await sleep(OLD_ENOUGH_MS)
    const blocker = new Client({ connectionString: database.url })
    await blocker.connect()
    await blocker.query('begin; lock table members in access exclusive mode')

    const reading = readersOf(driver).members.find(member.id)
    const terminate = `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name = '${PRODUCT.service}' and wait_event_type = 'Lock'`
    await until('it waits', async () => ((await admin.query(terminate)).rowCount ?? 0) > 0)
    await blocker.end()

    assert.deepEqual(await reading, member)
  })

  it('whose plans are of a table that was altered since is replaced, and no read fails', async () => {
    const member = newMember()
    await driver.commit([adding.member(member)])
    assert.deepEqual(await readersOf(driver).members.find(member.id), member)
    await sleep(OLD_ENOUGH_MS)

    await admin.query('alter table members alter column name type varchar(64)')

    assert.deepEqual(await readersOf(driver).members.find(member.id), member)
    await driver.commit([saving.member({ ...member, version: 2 })])
  })

  it('does not wait for a lock for as long as the role would let it', async () => {
    const member = newMember()
    await driver.commit([adding.member(member)])
    const blocker = new Client({ connectionString: database.url })
    await blocker.connect()
    await blocker.query('begin; lock table members in access exclusive mode')

    await assert.rejects(readersOf(driver).members.find(member.id), isLockTimeout)
    await assert.rejects(driver.commit([saving.member({ ...member, version: 2 })]), isLockTimeout)
    await blocker.end()
  })

  it('on which a read gives way reads again', async () => {
    const member = newMember()
    await driver.commit([adding.member(member)])
    await admin.query(`create sequence attempts;
      create function give_way() returns boolean volatile language plpgsql as $$ begin
        if nextval('attempts') % 3 > 0 then raise serialization_failure; end if; return true; end $$;
      alter table members rename to kept; create view members as select * from kept where give_way()`)

    assert.deepEqual(await readersOf(driver).members.find(member.id), member)
    assert.equal((await admin.query(`select nextval('attempts') as next`)).rows[0].next, '4')
  })

  it('knows each statement by a name that follows from its text', async () => {
    const open = watched(openDatabase(options()))
    await using _ = { [Symbol.asyncDispose]: () => open.close() }
    const driver = sqlDriver(postgresDialect, open, LIBRARY.aggregates)
    const { commit, keys, outbox } = driver
    const { books, members } = readersOf(driver)
    const owner = newMember()
    const request = { userId: owner.id, key: 'key', fingerprint: '' }

    await commit([adding.member(owner)])
    await commit([adding.book(aBook({ ownerId: owner.id }))])
    await members.find(owner.id)
    for (const sort of SORTS) await books.list({ ...LIST, sort })
    await books.count({})
    await keys.reserve(request, newMemberId())
    await outbox.claim(10, 1)
    await outbox.backlog()

    const texts = [...new Set(open.sent.map(({ text }) => text))]
    assert.ok(texts.length > 8)
    assert.deepEqual(
      texts.map(statementName),
      texts.map((text) => createHash('sha256').update(text).digest('hex').slice(0, 32)),
    )
  })
})

const isReadOnly = (error: Error): boolean =>
  error instanceof DependencyUnavailable && error.cause instanceof Error && /takes no writes/.test(error.cause.message)

const isLockTimeout = ({ cause }: Error): boolean => cause instanceof Error && 'code' in cause && cause.code === '55P03'
