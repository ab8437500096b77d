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
import { type Answer, createHttpClient } from './kit/http-client.ts'
import { aPerson } from './kit/people.ts'
import { randomFor, report, size } from './kit/plan.ts'
import { ARENAS, NOTHING } from './kit/rivals.ts'

const ROUNDS = size(100, 1_000)
const WRITERS = 4
const MAX_DELAY_MS = 8

/** Whoever writes and whoever removes start at slightly different times, so that each comes first now and then. */
const random = randomFor('orphans')
const aMoment = () => sleep(random.below(MAX_DELAY_MS))

const tally = (answers: readonly Answer[]): string =>
  JSON.stringify(
    Object.fromEntries([...Map.groupBy(answers, ({ status }) => status)].map(([s, all]) => [s, all.length])),
  )

for (const { name, skip, open } of ARENAS) {
  describe(`${name}: what is written while its parent goes`, { skip }, () => {
    it('is no comment on a post that is gone', async (test) => {
      await using issuer = await startTestIssuer()
      await using arena = await open(issuer)
      using http = createHttpClient()
      const [alice, bob] = [await aPerson(issuer, 'alice'), await aPerson(issuer, 'bob')]
      const urlOf = (index: number) => `${arena.urls[index % arena.urls.length]}/v1`
      const [comments, removals, left]: [Answer[], Answer[], string[]] = [[], [], []]

      for (let round = 0; round < ROUNDS; round++) {
        const written = { method: 'POST', url: `${urlOf(round)}/posts`, token: alice.token, body: { text: 'Here?' } }
        const { body: post } = await http.ask(written)
        const comment = async (index: number) => {
          await aMoment()
          const body = { postId: post.id, text: `${index}` }
          return http.ask({ method: 'POST', url: `${urlOf(index)}/comments`, token: bob.token, body })
        }
        const removal = aMoment().then(() =>
          http.ask({ method: 'DELETE', url: `${urlOf(round)}/posts/${post.id}`, token: alice.token }),
        )
        comments.push(...(await Promise.all(Array.from({ length: WRITERS }, (_, index) => comment(index)))))
        removals.push(await removal)
        const { body } = await http.ask({ url: `${urlOf(round)}/comments?postId=${post.id}`, token: bob.token })
        left.push(...(body.items ?? []).map(({ id }) => String(id)))
      }

      const faults = inconsistencies((await arena.store?.rows()) ?? NOTHING)
      report(test, { rounds: ROUNDS, comments: tally(comments), removals: tally(removals), orphans: left.length })
      assert.deepEqual({ left, faults }, { left: [], faults: [] })
      assert.ok(removals.every(({ status }) => status === 204))
      assert.ok(comments.every(({ status, body }) => status === 201 || body.code === 'post-not-found'))
    })
  })
}

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
