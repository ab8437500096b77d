import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { DependencyUnavailable } from '../../src/domains/errors/dependency-errors.ts'
import type { StoreDriver } from '../../src/infrastructures/store/driver.ts'
import { openMariadb } from '../../src/infrastructures/store/mariadb/open-mariadb.ts'
import { TransientConflict } from '../../src/infrastructures/store/store-errors.ts'
import { mariadbUrl, mysqlUrl, skipWithout } from '../kit/engines.ts'
import { startFaultProxy } from '../kit/fault-proxy.ts'
import { freshMariadb, withMariadb } from '../kit/fresh-mariadb.ts'
import { adding, removing, saving } from '../kit/library/changes.ts'
import { LIBRARY } from '../kit/library/library.ts'
import type { Member } from '../kit/library/member.ts'
import { aBook, aMember, aReview } from '../kit/library/samples.ts'
import { readersOf } from '../kit/library/store.ts'
import { slowWire } from '../kit/slow-wire.ts'
import { tableStatements } from '../kit/tables.ts'

const hexOf = ({ id }: Readonly<{ id: string }>): string => `unhex('${id.replaceAll('-', '')}')`
const locked = (member: Member): string => `select id from members where id = ${hexOf(member)} for update`

for (const [product, server, engine] of [
  ['MariaDB', mariadbUrl, 'mariadb'],
  ['MySQL', mysqlUrl, 'mysql'],
] as const) {
  describe(`in ${product}`, { skip: skipWithout(engine) }, () => {
    let database: Awaited<ReturnType<typeof freshMariadb>>
    let driver: StoreDriver

    const open = (url: string) =>
      openMariadb({ url, aggregates: LIBRARY.aggregates, poolSize: 3, migrates: true, onIdleError: () => {} })

    async function aKeptMember(): Promise<Member> {
      const member = aMember()
      await driver.commit([adding.member(member)])
      return member
    }

    before(async () => {
      database = await freshMariadb(server)
      driver = await open(database.url)
      await withMariadb(database.url, async (query) => {
        for (const statement of tableStatements('mariadb', LIBRARY.aggregates)) await query(statement)
        await query('create table heavy (id integer primary key)')
      })
    })

    after(async () => {
      await driver.close()
      await database.drop()
    })

    it('a read is one round trip, and a write two, whatever goes with what it removes', async () => {
      const wire = await slowWire(new URL(database.url))
      const far = await open(wire.url)
      const [owner, book] = [await aKeptMember(), aBook()]
      const own = { ...book, ownerId: owner.id }
      const review = aReview({ bookId: book.id, ownerId: owner.id })
      const { books } = readersOf(far)
      const tasks = [
        () => books.find(book.id),
        () => far.commit([adding.book(own), adding.review(review)]),
        () => far.commit([removing.book({ ...own, version: 2 })]),
        () => far.keys.reserve({ userId: owner.id, key: 'key', fingerprint: '' }, owner.id),
      ]
      await Promise.all([
        books.find(owner.id),
        far.keys.reserve({ userId: owner.id, key: '', fingerprint: '' }, owner.id),
      ])

      const counted: number[] = []
      for (const task of tasks) counted.push(await wire.roundTrips(task))

      await far.close()
      wire.close()
      assert.deepEqual(counted, [1, 2, 2, 1])
    })

    it('a unit of work that waits for a lock for too long is retried', async () => {
      const member = await aKeptMember()

      await withMariadb(database.url, async (query) => {
        await query('start transaction')
        await query(locked(member))
        const saved = driver.commit([saving.member({ ...member, version: 2 })])
        await sleep(1_500)
        await query('rollback')
        await saved
      })

      assert.equal((await readersOf(driver).members.find(member.id))?.version, 2)
    })

    it('the victim of a deadlock leaves nothing, not even the statements sent behind it', async () => {
      const [one, other] = [await aKeptMember(), await aKeptMember()]
      const events = await countOfEvents()

      await withMariadb(database.url, async (query) => {
        await query('start transaction')
        await query(locked(other))
        await query('insert into heavy values (1), (2), (3), (4), (5), (6), (7), (8), (9), (10)')
        const changes = [one, other].map((member) => saving.member({ ...member, version: 2 }))
        const refused = assert.rejects(driver.commit(changes), TransientConflict)
        await sleep(300)
        await query(locked(one))
        await refused
        await query('rollback')
      })

      assert.equal(await countOfEvents(), events)
      assert.equal((await readersOf(driver).members.find(one.id))?.version, 1)
    })

    const countOfEvents = () =>
      withMariadb(database.url, async (query) => {
        const [row] = await query('select count(*) as total from outbox')
        return (row as { total: number }).total
      })

    it('a server that falls silent is given up in time, and taken up again', async () => {
      const proxy = await startFaultProxy(new URL(database.url))
      const far = await open(proxy.url)
      const member = await aKeptMember()
      await far.commit([saving.member({ ...member, version: 2 })])

      await proxy.set('blackhole')
      const start = performance.now()
      await assert.rejects(far.ping(), DependencyUnavailable)
      await assert.rejects(far.commit([saving.member({ ...member, version: 3 })]), DependencyUnavailable)
      assert.ok(performance.now() - start < 10_000)

      await proxy.set('pass')
      await far.ping()
      await far.commit([saving.member({ ...member, version: 3 })])
      await far.close()
      await proxy.close()
    })
  })
}
