import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { lockPosts, terminateConnections } from '../kit/locked-posts.ts'
import { startTestIssuer } from '../kit/test-issuer.ts'
import { judge } from './kit/check-history.ts'
import { inconsistencies } from './kit/check-rows.ts'
import { count } from './kit/history.ts'
import { createHttpClient } from './kit/http-client.ts'
import { aPerson, people } from './kit/people.ts'
import { report, size } from './kit/plan.ts'
import { settingsFor, startRevivable } from './kit/revivable.ts'
import { POSTGRES } from './kit/stores.ts'
import { startWorkload } from './kit/workload.ts'

const REQUESTS = size(60, 400)
const DEADLINE_MS = 3_000
const TERMINATIONS = size(10, 100)

describe('a PostgreSQL whose connections are all held up', { skip: POSTGRES.skip }, () => {
  it('is given up in time, and taken up again without a restart', async (test) => {
    await using store = await POSTGRES.open()
    await using issuer = await startTestIssuer()
    await using service = await startRevivable(settingsFor(issuer, store.url))
    using http = createHttpClient()
    const { token } = await aPerson(issuer, 'alice')
    const ask = async (index: number) => {
      const start = performance.now()
      const write = { method: 'POST', body: { text: `${index}` } }
      const call = { url: `${service.url}/v1/posts`, token, ...(index % 2 === 0 ? write : {}) }
      const { status, headers, body } = await http.ask(call)
      return { status, code: body.code, retryAfter: Number(headers['retry-after']), took: performance.now() - start }
    }
    await ask(0)

    const lock = await lockPosts(store.url, 'access exclusive')
    const blocked = await Promise.all(Array.from({ length: REQUESTS }, (_, index) => ask(index)))
    await lock.release()
    const released = performance.now()
    while ((await ask(0)).status !== 201) assert.ok(performance.now() - released < 5_000, 'it does not recover')
    const recovery = `${Math.round(performance.now() - released)} ms`
    const after = await Promise.all(Array.from({ length: REQUESTS }, (_, index) => ask(index)))

    const slowest = Math.max(...blocked.map(({ took }) => took))
    const answers = new Set(blocked.map(({ status, code }) => `${status} ${code}`))
    report(test, {
      blocked: REQUESTS,
      answers: [...answers].join(' and '),
      slowest: `${Math.round(slowest)} ms`,
      recovery,
    })
    assert.deepEqual([...answers], ['503 dependency-unavailable'])
    assert.ok(blocked.every(({ retryAfter }) => retryAfter > 0))
    assert.ok(slowest < DEADLINE_MS, `the slowest answer took ${slowest} ms`)
    assert.ok(after.every(({ status }) => status < 300))
    assert.deepEqual(inconsistencies(await store.rows()), [])
  })

  it('may end them all, again and again, and the service goes on', async (test) => {
    await using store = await POSTGRES.open()
    await using issuer = await startTestIssuer()
    await using service = await startRevivable(settingsFor(issuer, store.url))
    const authors = await people(issuer, 16)
    await using workload = startWorkload([service.url], authors)
    let terminated = 0

    for (let round = 0; round < TERMINATIONS; round++) {
      await sleep(150)
      terminated += await terminateConnections(store.url)
    }
    await sleep(300)
    const since = workload.history.length
    await sleep(500)
    await workload.stop()

    const { lost, phantom, inconsistent, ...counts } = judge(workload.history, await store.rows())
    const afterwards = workload.history.slice(since)
    const failed = afterwards.filter(({ outcome }) => outcome === 'info')
    report(test, {
      terminated,
      ...counts,
      lost: lost.length,
      phantom: phantom.length,
      'failed afterwards': failed.length,
    })
    assert.ok(await service.isRunning(), service.current().logs())
    assert.ok(count(afterwards, 'ok') > 20, 'nothing is acknowledged any more')
    assert.deepEqual({ lost, phantom, inconsistent, failed }, { lost: [], phantom: [], inconsistent: [], failed: [] })
    assert.deepEqual(
      workload.history.filter(({ answer }) => answer === 500),
      [],
    )
  })
})
