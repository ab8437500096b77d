import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { lockPosts } from '../kit/locked-posts.ts'
import { startService } from '../kit/service.ts'
import { startTestIssuer } from '../kit/test-issuer.ts'
import { createHttpClient } from './kit/http-client.ts'
import { aPerson } from './kit/people.ts'
import { report } from './kit/plan.ts'
import { settingsFor } from './kit/revivable.ts'
import { openSlowRequest } from './kit/sockets.ts'
import { POSTGRES, SHARED_STORES } from './kit/stores.ts'

const REQUESTS = 50

for (const { name, skip, open } of SHARED_STORES) {
  describe(`${name}: a service that is asked to stop`, { skip }, () => {
    it('answers what it has begun to read, then ends', async (test) => {
      await using store = await open()
      await using issuer = await startTestIssuer()
      await using service = await startService({ env: settingsFor(issuer, store.url) })
      const { token } = await aPerson(issuer, 'alice')
      const slow = Array.from({ length: REQUESTS }, (_, index) => openSlowRequest(service.url, token, `slow ${index}`))
      const requests = await Promise.all(slow)
      await sleep(300)

      const start = performance.now()
      const code = service.stop()
      await sleep(500)
      const statuses = await Promise.all(requests.map((request) => request.finish()))
      const exitCode = await code

      const took = `${Math.round(performance.now() - start)} ms`
      const kept = (await store.rows()).kept.filter(({ noun }) => noun === 'post').length
      report(test, { 'in flight': REQUESTS, answers: [...new Set(statuses)].join(), kept, code: exitCode, took })
      assert.deepEqual([...new Set(statuses)], [201], service.logs())
      assert.deepEqual([kept, exitCode], [REQUESTS, 0])
    })

    it('ends at once when asked again', async () => {
      await using store = await open()
      await using issuer = await startTestIssuer()
      await using service = await startService({ env: settingsFor(issuer, store.url) })
      const { token } = await aPerson(issuer, 'alice')
      const request = await openSlowRequest(service.url, token, 'never finished')
      await sleep(200)

      process.kill(service.pid as number, 'SIGTERM')
      await sleep(300)
      const start = performance.now()
      process.kill(service.pid as number, 'SIGTERM')
      const code = await service.ended

      request.drop()
      assert.equal(code, 143)
      assert.ok(performance.now() - start < 1_000)
    })
  })
}

describe('PostgreSQL: a service that is asked to stop while it waits for the database', { skip: POSTGRES.skip }, () => {
  it('answers when the database does, then ends', async (test) => {
    await using store = await POSTGRES.open()
    await using issuer = await startTestIssuer()
    await using service = await startService({ env: settingsFor(issuer, store.url) })
    using http = createHttpClient()
    const { token } = await aPerson(issuer, 'alice')
    const write = (text: string) => http.ask({ method: 'POST', url: `${service.url}/v1/posts`, token, body: { text } })
    await write('first')
    const lock = await lockPosts(store.url, 'exclusive')
    const writing = Promise.all(Array.from({ length: REQUESTS }, (_, index) => write(`${index}`)))
    await sleep(400)

    const code = service.stop()
    await sleep(200)
    await lock.release()
    const statuses = new Set((await writing).map(({ status }) => status))
    const exitCode = await code

    report(test, { 'in flight': REQUESTS, answers: [...statuses].join(), code: exitCode })
    assert.deepEqual([[...statuses], exitCode], [[201], 0])
  })
})
