import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { residentMegabytes } from '../kit/memory.ts'
import { startTestIssuer } from '../kit/test-issuer.ts'
import { createHttpClient } from './kit/http-client.ts'
import { aPerson } from './kit/people.ts'
import { report, size } from './kit/plan.ts'
import { settingsFor, startRevivable } from './kit/revivable.ts'
import { SLOW_CLIENTS, startGoodClients, startSlowClients } from './kit/slow-clients.ts'
import { SQLITE } from './kit/stores.ts'

const STRENGTH = size(500, 2_000)
const SIEGE_MS = size(3_000, 30_000)
/** Generous for a machine that does other things as well: what is felt by others is counted in seconds. */
const [MAX_MEGABYTES, P99_MS] = [300, 1_000]

/** A megabyte: as much as the API lets a page hold, in characters of one byte. */
const LARGEST_PAGE = { posts: 100, text: 'x'.repeat(10_000) }

describe('clients who hold connections without need', { skip: SQLITE.skip }, () => {
  for (const [way, slowClient] of Object.entries(SLOW_CLIENTS)) {
    it(`and ${way} are not felt by others`, async (test) => {
      await using store = await SQLITE.open()
      await using issuer = await startTestIssuer()
      await using service = await startRevivable(settingsFor(issuer, store.url))
      const [good, bad] = [await aPerson(issuer, 'alice'), await aPerson(issuer, 'mallory')]
      await fillLargestPage(service.url, bad.token)

      const siege = startSlowClients(slowClient, service.url, bad.token, STRENGTH)
      await using _ = siege
      await siege.untilComplete()
      await untilSettled(service.url, good.token)
      const held = siege.holding()
      const stop = startGoodClients(service.url, good.token, 4)
      await sleep(SIEGE_MS)
      const { requests, failed, p99 } = await stop()

      const memory = residentMegabytes(service.current().pid as number)
      const stats = { held, opened: siege.opened(), requests, failed: failed.length }
      report(test, { ...stats, p99: `${p99} ms`, memory: `${memory.now} MB`, peak: `${memory.peak} MB` })
      assert.ok(held > STRENGTH / 2, `only ${held} connections were held`)
      assert.deepEqual(failed, [])
      assert.ok(p99 < P99_MS, `p99 ${p99} ms`)
      assert.ok(memory.now < MAX_MEGABYTES, `${memory.now} MB`)
    })
  }
})

/** Pages are costly to make: waits until all that were asked for are made, so as to measure what holding them costs. */
async function untilSettled(url: string, token: string): Promise<void> {
  using http = createHttpClient()
  for (let tries = 0; tries < 20; tries++) {
    const start = performance.now()
    await http.ask({ url: `${url}/v1/users/me`, token })
    if (performance.now() - start < P99_MS / 2) return
  }
}

async function fillLargestPage(url: string, token: string): Promise<void> {
  using http = createHttpClient()
  const write = { method: 'POST', url: `${url}/v1/posts`, token, body: { text: LARGEST_PAGE.text } }
  for (let post = 0; post < LARGEST_PAGE.posts; post++) assert.equal((await http.ask(write)).status, 201)
}
