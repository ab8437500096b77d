import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LoadReport } from './load.ts'
import { type LoadConnection, openLoadConnection } from './load-connection.ts'
import { createLoadStats } from './load-stats.ts'

/** A request as it goes over the wire; statistics are kept by `kind`. */
export type LoadRequest = Readonly<{ kind: string; head: string; body?: string }>

/**
 * The requests in turn, over so many connections with one request at a time on each: so many a second, whatever becomes of
 * them (open loop), or where `perSecond` is 0 without a pause on each connection (closed loop).
 */
export type Load = Readonly<{
  url: string
  connections: number
  perSecond: number
  milliseconds: number
  requests: readonly LoadRequest[]
}>

const TICK_MS = 2
const CONNECTED_AT_ONCE = 100
/** What is still unanswered at the end is waited for so long. */
const DRAIN_MS = 5_000

const load = JSON.parse(process.argv[2] as string) as Load
const requests = load.requests.map(({ kind, head, body = '' }) => ({ kind, bytes: Buffer.from(`${head}${body}`) }))
const stats = createLoadStats()
const idle = await connectAll()

const delay = monitorEventLoopDelay({ resolution: 10 })
delay.enable()
const start = performance.now()
const end = start + load.milliseconds
let sent = 0
await (load.perSecond === 0 ? driveClosedLoop() : driveOpenLoop())
const seconds = (performance.now() - start) / 1_000
const kinds = stats.report(seconds)
await drained()
const report: LoadReport = {
  seconds,
  lateMs: Math.round(delay.percentile(99) / 1e6),
  unanswered: load.connections - idle.length,
  kinds,
}
process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit(0))

async function connectAll(): Promise<LoadConnection[]> {
  const opened: LoadConnection[] = []
  while (opened.length < load.connections) {
    const count = Math.min(CONNECTED_AT_ONCE, load.connections - opened.length)
    opened.push(...(await Promise.all(Array.from({ length: count }, () => openLoadConnection(load.url)))))
  }
  return opened
}

function send(): void {
  const request = requests[sent++ % requests.length]
  const connection = idle.shift()
  if (request === undefined) return
  if (connection === undefined) {
    stats.leaveUnsent(request.kind)
    return
  }
  const sentAt = performance.now()
  connection.ask(request.bytes, (status, saysWhen) => {
    stats.add(request.kind, status, performance.now() - sentAt, saysWhen)
    idle.push(connection)
    if (load.perSecond === 0 && performance.now() < end) send()
  })
}

async function driveClosedLoop(): Promise<void> {
  for (let connection = 0; connection < load.connections; connection++) send()
  await sleep(load.milliseconds)
}

async function driveOpenLoop(): Promise<void> {
  for (let now = start; now < end; now = performance.now()) {
    for (const due = ((now - start) / 1_000) * load.perSecond; sent < due; ) send()
    await sleep(TICK_MS)
  }
}

async function drained(): Promise<void> {
  const deadline = performance.now() + DRAIN_MS
  while (idle.length < load.connections && performance.now() < deadline) await sleep(20)
}
