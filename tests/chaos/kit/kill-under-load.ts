import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { startTestIssuer } from '../../kit/test-issuer.ts'
import { assertReadable } from './assert-readable.ts'
import { judge } from './check-history.ts'
import { count } from './history.ts'
import { people } from './people.ts'
import { randomFor, report, size } from './plan.ts'
import { settingsFor, startTeam } from './revivable.ts'
import type { SharedStore } from './stores.ts'
import { startWorkload, type Workload } from './workload.ts'

const KILLS = size(3, 20)
const AUTHORS = 16

/** A server that can be killed; `start` brings it, or its successor, to where it takes writes. */
type Server = Readonly<{ url: string; start(): Promise<void>; kill(): Promise<void> }>

/** Kills a database server under load, again and again: no service ends with it, and nothing that was acknowledged is lost. */
export async function killUnderLoad(
  test: TestContext,
  name: string,
  server: Server,
  storeAt: (url: string) => Pick<SharedStore, 'rows'>,
  kills = KILLS,
): Promise<void> {
  await server.start()
  await using issuer = await startTestIssuer()
  await using team = await startTeam(settingsFor(issuer, server.url))
  const authors = await people(issuer, AUTHORS)
  const random = randomFor(`kills of ${name}`)
  await using workload = startWorkload(team.urls, authors)
  const recoveries: number[] = []

  for (let kill = 0; kill < kills; kill++) {
    await sleep(random.between(800, 2_000))
    await server.kill()
    await sleep(random.between(0, 1_000))
    await server.start()
    recoveries.push(await untilAcknowledging(workload))
  }
  await sleep(500)
  await workload.stop()

  const rows = await storeAt(server.url).rows()
  const { lost, phantom, inconsistent, ...counts } = judge(workload.history, rows)
  const stats = { lost: lost.length, phantom: phantom.length, inconsistent: inconsistent.length }
  const recovery = `${Math.max(...recoveries)} ms at most`
  report(test, { kills, ...counts, ...stats, recovery, events: rows.outbox.length })
  assert.deepEqual({ lost, phantom, inconsistent }, { lost: [], phantom: [], inconsistent: [] })
  assert.deepEqual(
    workload.history.filter(({ answer }) => answer === 500),
    [],
  )
  for (const { isRunning, current } of team.services) assert.ok(await isRunning(), current().logs())
  await assertReadable(team.urls, authors, rows)
}

/** How long after the server is back, in milliseconds, the services acknowledge again. */
async function untilAcknowledging({ history }: Workload): Promise<number> {
  const [start, before] = [performance.now(), count(history, 'ok')]
  while (count(history, 'ok') < before + 20) {
    if (performance.now() - start > 10_000) throw new Error('Nothing is acknowledged 10 s after the server is back.')
    await sleep(20)
  }
  return Math.round(performance.now() - start)
}
