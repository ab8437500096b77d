import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { UserId } from '../../src/domains/entities/user.ts'
import { removeUser } from '../../src/domains/usecases/users/remove-user.ts'
import { FORUM } from '../../src/infrastructures/store/aggregates/forum.ts'
import { openStore } from '../../src/infrastructures/store/open-store.ts'
import { createStore } from '../kit/forum-store.ts'
import { startTestIssuer } from '../kit/test-issuer.ts'
import { inconsistencies } from './kit/check-rows.ts'
import { type Answer, createHttpClient, tally } from './kit/http-client.ts'
import { aPerson } from './kit/people.ts'
import { randomFor, report, size } from './kit/plan.ts'
import { ARENAS } from './kit/rivals.ts'

const ROUNDS = size(100, 1_000)
const WRITERS = 4
const MAX_DELAY_MS = 8

/** The writer and the remover start at slightly different times, so that each comes first now and then. */
const random = randomFor('orphans')
const aMoment = () => sleep(random.below(MAX_DELAY_MS))

for (const { name, skip, open } of ARENAS.filter((arena) => arena.name !== 'memory')) {
  describe(`${name}: what is written while its author goes`, { skip }, () => {
    it('is no post of a user who is gone', async (test) => {
      await using issuer = await startTestIssuer()
      await using arena = await open(issuer)
      using http = createHttpClient()
      const { choice, rows } = arena.store as NonNullable<typeof arena.store>
      const driver = await openStore(choice, {
        aggregates: FORUM.aggregates,
        migrates: false,
        poolSize: 4,
        onIdleError: () => {},
      })
      const { transact } = createStore(driver)
      const urlOf = (index: number) => `${arena.urls[index % arena.urls.length]}/v1`
      const posts: Answer[] = []

      for (let round = 0; round < ROUNDS; round++) {
        const { id, token } = await aPerson(issuer, 'carol')
        await http.ask({ url: `${urlOf(round)}/users/me`, token })
        const write = async (index: number) => {
          await aMoment()
          return http.ask({ method: 'POST', url: `${urlOf(index)}/posts`, token, body: { text: `${round}.${index}` } })
        }
        const writing = Promise.all(Array.from({ length: WRITERS }, (_, index) => write(index)))
        await aMoment()
        await transact((uow) => removeUser(uow, { id: UserId.parse(id), at: new Date() }))
        posts.push(...(await writing))
      }
      await driver.close()

      const { kept, outbox } = await rows()
      const faults = inconsistencies({ kept, outbox })
      report(test, { rounds: ROUNDS, posts: tally(posts), orphans: kept.length })
      assert.deepEqual({ kept, faults }, { kept: [], faults: [] })
      assert.ok(posts.every(({ status, body }) => status === 201 || body.code === 'account-disabled'))
    })
  })
}
