import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { FORUM } from '../../src/infrastructures/store/aggregates/forum.ts'
import { openStore } from '../../src/infrastructures/store/open-store.ts'
import { ATTEMPTS } from '../../src/infrastructures/store/retry-policy.ts'
import { startTestIssuer } from '../kit/test-issuer.ts'
import { inconsistencies } from './kit/check-rows.ts'
import { startContendedService } from './kit/contended-service.ts'
import { type Answer, createHttpClient } from './kit/http-client.ts'
import { aPerson } from './kit/people.ts'
import { randomFor, report, size } from './kit/plan.ts'
import { SHARED_STORES } from './kit/stores.ts'

const OPERATIONS = size(500, 5_000)
const EXHAUSTED = size(20, 100)
const DEADLINE_MS = 3_000

for (const { name, skip, open } of SHARED_STORES) {
  describe(`${name}: a store that gives way to others`, { skip }, () => {
    it('at every third commit: no request fails, and nothing happens twice', async (test) => {
      await using store = await open()
      await using issuer = await startTestIssuer()
      const driver = await openStore(store.choice, {
        aggregates: FORUM.aggregates,
        migrates: true,
        poolSize: 10,
        onIdleError: () => {},
      })
      const random = randomFor(`contention on ${name}`)
      await using service = await startContendedService(issuer, driver, () => random.next() < 0.3)
      using http = createHttpClient()
      const { token } = await aPerson(issuer, 'alice')

      const answers: Answer[] = []
      for (let batch = 0; batch < OPERATIONS / 20; batch++) {
        const write = (index: number) =>
          http.ask({ method: 'POST', url: `${service.url}/v1/posts`, token, body: { text: `${batch}.${index}` } })
        answers.push(...(await Promise.all(Array.from({ length: 20 }, (_, index) => write(index)))))
      }

      const rows = await store.rows()
      const failed = answers.filter(({ status }) => status !== 201)
      report(test, { operations: answers.length, commits: service.attempts.length, failed: failed.length })
      assert.deepEqual(failed, [])
      assert.equal(rows.outbox.filter(({ type }) => type === 'post.written').length, answers.length)
      assert.deepEqual(inconsistencies(rows), [])
      assert.ok(service.attempts.length > answers.length * 1.2)
    })

    it('at every commit: the answer is a refusal with Retry-After, in time and after all attempts', async (test) => {
      await using store = await open()
      await using issuer = await startTestIssuer()
      const driver = await openStore(store.choice, {
        aggregates: FORUM.aggregates,
        migrates: true,
        poolSize: 10,
        onIdleError: () => {},
      })
      const hope = { isLost: false }
      await using service = await startContendedService(issuer, driver, () => hope.isLost)
      using http = createHttpClient()
      const { token } = await aPerson(issuer, 'alice')
      await http.ask({ url: `${service.url}/v1/users/me`, token })
      hope.isLost = true
      service.attempts.length = 0

      const write = async (index: number) => {
        const start = performance.now()
        const body = { text: `${index}` }
        const answer = await http.ask({ method: 'POST', url: `${service.url}/v1/posts`, token, body })
        return { ...answer, took: performance.now() - start }
      }
      const answers = await Promise.all(Array.from({ length: EXHAUSTED }, (_, index) => write(index)))

      const slowest = Math.max(...answers.map(({ took }) => took))
      const spread = slowest - Math.min(...answers.map(({ took }) => took))
      const times = { slowest: `${Math.round(slowest)} ms`, spread: `${Math.round(spread)} ms` }
      report(test, { operations: EXHAUSTED, attempts: service.attempts.length, ...times })
      for (const { status, body, headers } of answers) {
        assert.deepEqual([status, body.code], [503, 'dependency-unavailable'])
        assert.ok(Number(headers['retry-after']) > 0)
      }
      assert.equal(service.attempts.length, EXHAUSTED * ATTEMPTS)
      assert.ok(slowest < DEADLINE_MS, `${slowest} ms`)
      assert.ok(spread > 100, 'the pauses are the same for all')
      assert.deepEqual(
        (await store.rows()).kept.filter(({ noun }) => noun === 'post'),
        [],
      )
    })
  })
}
