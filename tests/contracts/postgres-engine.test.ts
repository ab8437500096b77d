import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, afterEach, before, describe, it, mock } from 'node:test'
import { Client } from 'pg'
import type { OutboxRecord, StoreDriver } from '../../src/infrastructures/store/driver.ts'
import type { Claim } from '../../src/patterns/outbox-relay.ts'
import { skipWithout } from '../kit/engines.ts'
import { freshDatabase } from '../kit/fresh-database.ts'
import { adding } from '../kit/library/changes.ts'
import { aMember } from '../kit/library/samples.ts'
import { readersOf } from '../kit/library/store.ts'
import { openLibrary } from './opened-postgres.ts'

const DAY = 24 * 3_600_000
const RETENTION = { publishedMs: DAY, handledMs: DAY }

describe('in PostgreSQL', { skip: skipWithout('postgres') }, () => {
  let database: Awaited<ReturnType<typeof freshDatabase>>
  let driver: StoreDriver

  before(async () => {
    database = await freshDatabase()
    driver = await openLibrary({
      url: database.url,
      poolSize: 3,
      onIdleError: () => {},
    })
  })
  afterEach(() => mock.timers.reset())
  after(async () => {
    await driver.close()
    await database.drop()
  })

  const jump = (milliseconds: number) => mock.timers.enable({ apis: ['Date'], now: Date.now() + milliseconds })
  const announceSomething = () => driver.commit([adding.member(aMember())])
  const claim = async (leaseMs = 10_000) => driver.outbox.claim(1_000, leaseMs)

  it('a claim holds by the clock of the server, however that of a process jumps', async () => {
    await announceSomething()
    const first = (await claim()) ?? assert.fail()

    jump(DAY)

    assert.equal(await claim(), null)
    await driver.outbox.confirm(first)
  })

  it('so does a reservation', async () => {
    const member = aMember()
    const request = { userId: member.id, key: 'key', fingerprint: '' }
    await driver.keys.reserve(request, randomUUID())

    jump(2 * DAY)

    assert.deepEqual(await driver.keys.reserve(request, randomUUID()), { kind: 'in-use' })
  })

  it('nothing is forgotten too early either', async () => {
    const message = { consumer: 'tests', id: randomUUID(), subject: 's', version: 1, digest: 'digest' }
    await driver.commit([{ kind: 'mark-processed', message }, adding.member(aMember({ createdAt: new Date() }))])
    await driver.outbox.confirm((await claim()) ?? assert.fail())
    const since = new Date(Date.now() - 60_000)

    jump(30 * DAY)
    await driver.prune(RETENTION)

    assert.equal(await driver.inbox.processedDigest(message.consumer, message.id), message.digest)
    assert.equal(await driver.outbox.replay(since), 1)
  })

  it('an event is published whose transaction was open while later events were', async () => {
    const subject = randomUUID()
    await usingClient(async (slow) => {
      await slow.query('begin')
      await slow.query(ANNOUNCE, [subject])
      await announceSomething()
      const first = (await claim()) ?? assert.fail()
      await driver.outbox.confirm(first)
      assert.ok(!subjectsOf(first).includes(subject))
      await slow.query('commit')
    })

    assert.deepEqual(subjectsOf((await claim()) ?? assert.fail()), [subject])
  })

  it('a reservation that waits for a commit under the same key holds up no read', async () => {
    const member = aMember()
    const request = { userId: member.id, key: 'locked', fingerprint: '' }
    await driver.commit([adding.member(member)])
    await driver.keys.reserve(request, randomUUID())
    let isOver = false

    await usingClient(async (committing) => {
      await committing.query('begin')
      await committing.query(`update idempotency_keys set answer = '""' where key = 'locked'`)
      const state = driver.keys.reserve(request, randomUUID()).finally(() => {
        isOver = true
      })
      for (let read = 0; read < 20; read++) assert.deepEqual(await readersOf(driver).members.find(member.id), member)
      assert.ok(!isOver)
      await committing.query('commit')
      assert.notEqual((await state).kind, 'reserved')
    })
  })

  async function usingClient(work: (client: Client) => Promise<void>): Promise<void> {
    const client = new Client({ connectionString: database.url })
    await client.connect()
    try {
      await work(client)
    } finally {
      await client.end()
    }
  }
})

const ANNOUNCE = `insert into outbox (type, subject, version, time, data) values ('book.written', $1, 1, 'epoch', '{}')`

const subjectsOf = (claim: Claim<OutboxRecord>) => claim.events.map(({ subject }) => subject)
