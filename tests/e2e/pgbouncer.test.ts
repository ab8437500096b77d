import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { clientOf } from '../kit/client.ts'
import { postgresUrl, skipWithout } from '../kit/engines.ts'
import { startPgBouncer } from '../kit/pgbouncer.ts'
import { ENGINES, openWorld } from './world.ts'

const [, POSTGRES] = ENGINES
const ROUNDS = 60
const OLDEST = '/v1/posts?limit=10&sort=createdAt'
const NEWEST = '/v1/posts?limit=10&sort=-createdAt'
const IGNORED = 'ignore_startup_parameters = statement_timeout,lock_timeout,idle_in_transaction_session_timeout'

describe('two processes behind PgBouncer', { skip: POSTGRES.skip || skipWithout('pgbouncer') }, () => {
  for (const [mode, settings] of [
    ['transaction', ''],
    ['transaction', IGNORED],
    ['session', ''],
  ] as const) {
    it(`in ${mode} mode ${settings === '' ? 'with its defaults' : 'that ignores what is asked'} read the rows that they ask for`, async () => {
      await using world = await openWorld(POSTGRES)
      const poolSize = mode === 'session' ? 20 : 4
      await using pooler = await startPgBouncer({ server: new URL(postgresUrl ?? ''), mode, poolSize, settings })
      const env = { DATABASE_URL: pooler.through(world.env['DATABASE_URL'] ?? ''), DATABASE_POOL_SIZE: '4' }
      await using a = await world.start(env)
      await using b = await world.start(env)
      const [askA, askB] = [clientOf(a), clientOf(b)]
      for (let n = 0; n < 12; n++) {
        const ask = n % 2 === 0 ? askA : askB
        assert.equal((await ask(world.alice, 'POST', '/v1/posts', { body: { text: `${n}` } })).status, 201)
      }

      for (let round = 0; round < ROUNDS; round++) {
        await Promise.all(
          [0, 0, 0].flatMap(() => [
            isSorted(() => askA(world.bob, 'GET', OLDEST), 1),
            isSorted(() => askB(world.bob, 'GET', NEWEST), -1),
          ]),
        )
      }

      for (const { logs } of [a, b]) {
        assert.equal(logs().split('behind a connection pooler').length, 2)
        assert.doesNotMatch(logs(), /"log.level":"(warn|error)"/)
      }
    })
  }
})

async function isSorted(list: () => ReturnType<ReturnType<typeof clientOf>>, sign: number): Promise<void> {
  const { status, body } = await list()
  assert.equal(status, 200)
  const times: number[] = body.items.map(({ createdAt }: { createdAt: string }) => sign * Date.parse(createdAt))
  assert.deepEqual(
    times,
    times.toSorted((one, other) => one - other),
  )
}
