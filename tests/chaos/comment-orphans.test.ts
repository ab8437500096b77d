import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { startTestIssuer } from '../kit/test-issuer.ts'
import { inconsistencies } from './kit/check-rows.ts'
import { type Answer, createHttpClient, tally } from './kit/http-client.ts'
import { aPerson } from './kit/people.ts'
import { randomFor, report, size } from './kit/plan.ts'
import { ARENAS, NOTHING } from './kit/rivals.ts'

const ROUNDS = size(100, 1_000)
const WRITERS = 4
const MAX_DELAY_MS = 8

/** The writer and the remover start at slightly different times, so that each comes first now and then. */
const random = randomFor('orphans')
const aMoment = () => sleep(random.below(MAX_DELAY_MS))

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
