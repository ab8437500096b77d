import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { residentMegabytes } from '../kit/memory.ts'
import { startTestIssuer } from '../kit/test-issuer.ts'
import { createHttpClient } from './kit/http-client.ts'
import { generateLoad, goodput, type LoadReport } from './kit/load.ts'
import type { LoadRequest } from './kit/load-process.ts'
import { aPerson } from './kit/people.ts'
import { report, size } from './kit/plan.ts'
import { settingsFor, startRevivable } from './kit/revivable.ts'
import { headOf } from './kit/sockets.ts'
import { TIMED_STORES } from './kit/stores.ts'

const CONNECTIONS = size(5_000, 8_000)
const [CAPACITY_MS, OVERLOAD_MS] = [size(3_000, 5_000), size(8_000, 30_000)]
const TIMES_CAPACITY = 3

/** Exact in full; generous in a small run, on a machine that does other things as well. */
const LEAST = { goodput: size(0.5, 0.9), writes: size(0.4, 0.7) }
const MOST = { refusalMs: size(1_000, 100), healthMs: size(3_000, 1_000), megabytes: 300 }
/** Memory is given back some seconds after an overload. */
const RELIEF_MS = 8_000
const BODY = JSON.stringify({ text: 'A post of ordinary length, which says what somebody had to say today.' })

describe('three times the load that one process takes', () => {
  for (const { name, skip, open } of TIMED_STORES) {
    it(`on ${name} takes nothing from what is answered; the rest is refused at once`, { skip }, async (test) => {
      await using store = await open()
      await using issuer = await startTestIssuer()
      await using service = await startRevivable(settingsFor(issuer, store.url))
      const { token } = await aPerson(issuer, 'alice')
      const requests = await mixtureFor(service.url, token)
      const load = { url: service.url, requests }
      const atCapacity = { ...load, connections: 64, perSecond: 0, milliseconds: CAPACITY_MS }

      await generateLoad(atCapacity)
      const before = await generateLoad(atCapacity)
      const health = probe(`${service.healthUrl}/live`)
      const perSecond = TIMES_CAPACITY * goodput(before)
      const overload = { ...load, connections: CONNECTIONS, perSecond, milliseconds: OVERLOAD_MS }
      const [under, stream] = await Promise.all([generateLoad(overload), openStream(service.url, token)])
      const slowest = await health.stop()
      const after = await generateLoad(atCapacity)
      await sleep(RELIEF_MS)

      const afterwards = await fetch(`${service.healthUrl}/live`, { signal: AbortSignal.timeout(2_000) })
      assert.equal(afterwards.status, 200, 'it does not answer once the overload is over')
      const memory = residentMegabytes(service.current().pid as number)
      const capacity = leastOf(before, after)
      tell(test, { capacity, under, slowest, memory })
      assert.equal(stream, 200)
      assertGoodput(capacity, under)
      assertRefusals(under)
      assertLog(service.current().logs(), under)
      assert.ok(slowest < MOST.healthMs, `health took ${slowest} ms`)
      assert.ok(memory.now < MOST.megabytes, `${memory.now} MB`)
    })
  }
})

/** Four reads to one write. */
async function mixtureFor(url: string, token: string): Promise<readonly LoadRequest[]> {
  using http = createHttpClient()
  const { body } = await http.ask({ method: 'POST', url: `${url}/v1/posts`, token, body: JSON.parse(BODY) })
  const read = { kind: 'read', head: headOf(url, 'GET', `/v1/posts/${body.id}`, token) }
  const page = { kind: 'read', head: headOf(url, 'GET', '/v1/posts', token) }
  const headers = ['Content-Type: application/json', `Content-Length: ${BODY.length}`]
  const write = { kind: 'write', head: headOf(url, 'POST', '/v1/posts', token, headers), body: BODY }
  return [page, read, read, read, write, read, read, read, read, write]
}

/** The slowest answer of a page that is asked for again and again. */
function probe(url: string) {
  let [isOver, slowest] = [false, 0]
  const probing = (async () => {
    while (!isOver) {
      const start = performance.now()
      assert.equal((await fetch(url)).status, 200)
      slowest = Math.max(slowest, performance.now() - start)
      await sleep(100)
    }
  })()
  return {
    async stop(): Promise<number> {
      isOver = true
      await probing
      return Math.round(slowest)
    },
  }
}

async function openStream(url: string, token: string): Promise<number> {
  await sleep(OVERLOAD_MS / 2)
  const leave = new AbortController()
  const headers = { accept: 'text/event-stream', authorization: `Bearer ${token}` }
  const { status } = await fetch(`${url}/v1/notifications/stream`, { headers, signal: leave.signal })
  leave.abort()
  return status
}

type Capacity = Readonly<{ all: number; writes: number }>

const writesOf = ({ kinds }: LoadReport): number => kinds['write']?.perSecond ?? 0

/** The machine may have been slower before than after, or the other way around. */
const leastOf = (one: LoadReport, other: LoadReport): Capacity => ({
  all: Math.min(goodput(one), goodput(other)),
  writes: Math.min(writesOf(one), writesOf(other)),
})

function assertGoodput(capacity: Capacity, under: LoadReport): void {
  const [all, writes] = [goodput(under) / capacity.all, writesOf(under) / capacity.writes]
  assert.ok(all >= LEAST.goodput, `only ${all.toFixed(2)} of the capacity is answered`)
  assert.ok(writes >= LEAST.writes, `only ${writes.toFixed(2)} of the capacity for writes is answered`)
}

function assertRefusals({ kinds }: LoadReport): void {
  const all = Object.values(kinds)
  assert.ok(
    all.some(({ refused }) => refused > 0),
    'nothing was refused',
  )
  for (const { refusedMs, unsaid, others } of all) {
    assert.ok(refusedMs.p99 < MOST.refusalMs, `refusals took ${refusedMs.p99} ms`)
    assert.equal(unsaid, 0, 'refused without Retry-After')
    assert.deepEqual(others, {})
  }
}

/** One line a second, not one for each refusal. */
function assertLog(logs: string, { seconds }: LoadReport): void {
  const lines = logs.split('\n').filter((line) => line !== '')
  const refusals = lines.filter((line) => /overloaded: \d+ requests refused within 1 s/.test(line))
  assert.ok(refusals.length > 0, 'the log says nothing of it')
  assert.ok(refusals.length < seconds + 10, `${refusals.length} lines in ${seconds} s`)
  assert.deepEqual(
    lines.filter((line) => !refusals.includes(line)),
    [],
  )
}

type Stats = Readonly<{ capacity: Capacity; under: LoadReport; slowest: number; memory: object }>

function tell(test: TestContext, { capacity, under, slowest, memory }: Stats): void {
  const kinds = Object.entries(under.kinds).map(([kind, { perSecond, refused, refusedMs, unsent }]) => [
    kind,
    `${Math.round(perSecond)}/s, ${refused} refused (p50 ${refusedMs.p50}, p99 ${refusedMs.p99} ms), ${unsent} unsent`,
  ])
  report(test, {
    capacity: `${Math.round(capacity.all)}/s of which writes ${Math.round(capacity.writes)}/s`,
    ...Object.fromEntries(kinds),
    generator: `${under.lateMs} ms late`,
    health: `${slowest} ms`,
    memory: JSON.stringify(memory),
  })
}
