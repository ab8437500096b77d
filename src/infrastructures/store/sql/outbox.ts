import { randomUUID } from 'node:crypto'
import type { DriverOutbox, OutboxRecord } from '../driver.ts'
import type { Queries } from './database.ts'
import type { Dialect } from './dialect.ts'
import { outboxStatements, type Position, pendingEvents } from './outbox-statements.ts'

const NIL = '00000000-0000-0000-0000-000000000000'

/**
 * The events of all units of work. The lease is taken in a statement of its own, so that the next one sees all that earlier
 * holders have confirmed.
 */
export function sqlOutbox(dialect: Dialect, { query, execute }: Queries): DriverOutbox {
  const statements = outboxStatements(dialect)
  const timeOf = (time: unknown): Date => (dialect.decode.time ? dialect.decode.time(time as never) : time) as Date
  const located = <Row extends Readonly<{ time: unknown }>>(row: Row) => ({ ...row, time: timeOf(row.time) })
  const endLease = (token: string) => execute(...statements.endLease.with(token))

  async function pending(limit: number): Promise<readonly OutboxRecord[]> {
    const rows = await query(pendingEvents(limit), [])
    return (rows as OutboxRecord[]).map(located)
  }

  return {
    async claim(limit, leaseMs) {
      const token = randomUUID()
      if ((await query(statements.isPending.text, [])).length === 0) return { token, events: [] }
      if ((await execute(...statements.lease.with({ token, leaseMs }))) === 0) return null
      let events: readonly OutboxRecord[] = []
      try {
        events = await pending(limit)
        return { token, events }
      } finally {
        if (events.length === 0) await endLease(token)
      }
    },

    async confirm({ token, events }) {
      const confirmed = { token, ids: events.map(({ id }) => id) }
      await Promise.all([execute(...statements.confirm.with(confirmed)), endLease(token)]) // one behind the other
    },

    release: async ({ token }) => void (await endLease(token)),

    async backlog() {
      const [row] = await query(statements.backlog.text, [])
      const { pending: count, oldest, now } = row as { pending: string | number; oldest: unknown; now: unknown }
      const ageMs = oldest === null ? 0 : timeOf(now).getTime() - timeOf(oldest).getTime()
      return { pending: Number(count), oldestAgeMs: Math.max(0, ageMs) }
    },

    async replay(since) {
      let last: Position = { time: since, version: 0, id: NIL }
      for (let total = 0; ; ) {
        const rows = await query(...statements.replay.with(last))
        if (rows.length === 0) return total
        total += rows.length
        last = (rows as Position[]).map(located).reduce((one, other) => (isBefore(one, other) ? other : one))
      }
    },
  }
}

function isBefore(one: Position, other: Position): boolean {
  const byTime = one.time.getTime() - other.time.getTime() || one.version - other.version
  return byTime === 0 ? one.id < other.id : byTime < 0
}
