import type { BreakDriver } from './simulated-engine.ts'
import type { BreakRelay } from './simulated-relays.ts'

export const confirmsWhateverIsFirst: BreakDriver = (driver, state) => ({
  ...driver,
  outbox: {
    ...driver.outbox,
    async confirm(claim) {
      await driver.outbox.release(claim)
      const first = state.outbox.slice(0, claim.events.length)
      for (const event of first) state.published.set(event.id, { event, publishedAt: 0 })
      state.outbox = state.outbox.slice(first.length)
    },
  },
})

export const confirmsFirst: BreakRelay = ({ claims, publish }) => {
  let last: Awaited<ReturnType<typeof claims.claim>> = null
  return {
    claims: {
      ...claims,
      async claim(limit, leaseMs) {
        last = await claims.claim(limit, leaseMs)
        return last
      },
    },
    async publish(events) {
      if (last !== null) await claims.confirm(last)
      await publish(events)
    },
  }
}

export const leasesForNothing: BreakDriver = (driver) => ({
  ...driver,
  outbox: { ...driver.outbox, claim: (limit) => driver.outbox.claim(limit, 0) },
})

/** Looks first, then takes the lease: what it saw may have been confirmed meanwhile. */
export const keepsLeaseOfNothing: BreakDriver = (driver, state, { now, sleep }) => ({
  ...driver,
  outbox: {
    ...driver.outbox,
    async claim(limit, leaseMs) {
      const wasPending = state.outbox.length > 0
      await sleep(1)
      const claim = await driver.outbox.claim(limit, leaseMs)
      if (wasPending && claim?.events.length === 0) state.lease = { token: claim.token, until: now() + leaseMs }
      return claim
    },
  },
})

export const leasesForLong: BreakRelay = ({ claims, publish }) => ({
  claims: { ...claims, claim: (limit, leaseMs) => claims.claim(limit, 4 * leaseMs) },
  publish,
})

export const swallowsFailures: BreakRelay = ({ claims, publish }) => ({
  claims,
  publish: (events) => publish(events).catch(() => {}),
})
