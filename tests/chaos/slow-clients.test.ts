import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { startTestIssuer } from '../kit/test-issuer.ts'
import { createHttpClient } from './kit/http-client.ts'
import { aPerson } from './kit/people.ts'
import { report, size } from './kit/plan.ts'
import { settingsFor, startRevivable } from './kit/revivable.ts'
import { BESIEGERS, besiege, startGoodClients } from './kit/siege.ts'
import { SQLITE } from './kit/stores.ts'

const STRENGTH = size(500, 2_000)
const SIEGE_MS = size(3_000, 30_000)
const [MOST_MEGABYTES, P99_MS] = [300, 250]

/** A megabyte: as much as the API lets a page hold, in characters of one byte. */
const LARGEST_PAGE = { posts: 100, text: 'x'.repeat(10_000) }

describe('clients who hold connections without need', { skip: SQLITE.skip }, () => {
  for (const [way, besieger] of Object.entries(BESIEGERS)) {
    it(`and ${way} are not felt by others`, async (test) => {
      await using store = await SQLITE.open()
      await using issuer = await startTestIssuer()
      await using service = await startRevivable(settingsFor(issuer, store.url))
      const [good, bad] = [await aPerson(issuer, 'alice'), await aPerson(issuer, 'mallory')]
      await fillLargestPage(service.url, bad.token)

      const siege = besiege(besieger, service.url, bad.token, STRENGTH)
      await using _ = siege
      await siege.untilComplete()
      const held = siege.holding()
      const stop = startGoodClients(service.url, good.token, 4)
      await sleep(SIEGE_MS)
      const { requests, failed, p99 } = await stop()

      const memory = residentMegabytes(service.current().pid as number)
      const figures = { held, opened: siege.opened(), requests, failed: failed.length }
      report(test, { ...figures, p99: `${p99} ms`, memory: `${memory} MB` })
      assert.ok(held > STRENGTH / 2, `only ${held} connections were held`)
      assert.deepEqual(failed, [])
      assert.ok(p99 < P99_MS, `p99 ${p99} ms`)
      assert.ok(memory < MOST_MEGABYTES, `${memory} MB`)
    })
  }
})

async function fillLargestPage(url: string, token: string): Promise<void> {
  using http = createHttpClient()
  const write = { method: 'POST', url: `${url}/v1/posts`, token, body: { text: LARGEST_PAGE.text } }
  for (let post = 0; post < LARGEST_PAGE.posts; post++) assert.equal((await http.ask(write)).status, 201)
}

/** The most memory that a process ever had. */
function residentMegabytes(pid: number): number {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Math.round(Number(kilobytes) / 1024)
}
