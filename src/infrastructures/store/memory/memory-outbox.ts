import { randomUUID } from 'node:crypto'
import { type DriverOutbox, MAX_COUNTED, type OutboxRecord } from '../driver.ts'
import type { MemoryState } from './memory-state.ts'

/** The outbox of this process. */
export function memoryOutbox(state: MemoryState, now: () => number): DriverOutbox {
  const { published } = state

  function endLease(token: string): boolean {
    const isHeld = state.lease.token === token
    if (isHeld) state.lease = { token, until: 0 }
    return isHeld
  }

  return {
    async claim(limit, leaseMs) {
      const token = randomUUID()
      if (state.outbox.length === 0) return { token, events: [] }
      if (state.lease.until > now()) return null
      const events = state.outbox.toSorted(byPublishOrder).slice(0, limit)
      if (events.length > 0) state.lease = { token, until: now() + leaseMs }
      return { token, events }
    },

    async confirm({ token, events }) {
      if (!endLease(token)) return
      for (const event of events) published.set(event.id, { event, publishedAt: now() })
      state.outbox = state.outbox.filter(({ id }) => !published.has(id))
    },

    async release({ token }) {
      endLease(token)
    },

    async backlog() {
      const { outbox } = state
      const at = now()
      const oldest = outbox.reduce((time, event) => Math.min(time, event.time.getTime()), at)
      return { pending: Math.min(outbox.length, MAX_COUNTED), oldestAgeMs: at - oldest }
    },

    async replay(since) {
      const again = [...published.values()].map(({ event }) => event).filter(({ time }) => time >= since)
      for (const { id } of again) published.delete(id)
      state.outbox.push(...again)
      return again.length
    },
  }
}

function byPublishOrder(one: OutboxRecord, other: OutboxRecord): number {
  const byVersion = one.time.getTime() - other.time.getTime() || one.version - other.version
  return byVersion || (one.id < other.id ? -1 : Number(one.id > other.id))
}
