import { DomainError } from '../../src/domains/errors/domain-error.ts'
import type { OutboxRecord } from '../../src/infrastructures/store/driver.ts'
import {
  type Claim,
  type OutboxClaims,
  type OutboxRelay,
  type RelayOptions,
  startOutboxRelay,
} from '../../src/patterns/outbox-relay.ts'
import { type Faults, keepRunning, type SimulatedProcess, throughProcess } from '../kit/simulated-process.ts'
import type { World } from '../kit/simulated-world.ts'
import { nameOf } from './simulated-engine.ts'
import type { SimulatedForum } from './simulated-forum.ts'

export const RELAY: RelayOptions = {
  batch: 3,
  leaseMs: 300,
  claimIntervalMs: 100,
  lingerMs: 5,
  contendedClaimIntervalMs: 20,
  minBackoffMs: 10,
  maxBackoffMs: 80,
}

type Claims = OutboxClaims<OutboxRecord>
type Publish = (events: readonly OutboxRecord[]) => Promise<void>
type Work = Readonly<{ claims: Claims; publish: Publish }>
type Running = Readonly<{ relay: OutboxRelay; holds: () => readonly OutboxRecord[] }>

/** Breaks a rule of relays, for a simulation that has to notice. */
export type BreakRelay = (work: Work) => Work

type Needs = Readonly<{
  world: World
  forum: SimulatedForum
  faults: () => Faults
  publish: Publish
  /** Called when the outbox has marked something. */
  onConfirmed?: () => void
  breaking?: BreakRelay | undefined
}>

/** So many relays over the outbox of a forum. */
export function openRelays(needs: Needs, count: number) {
  const { world, forum, faults, publish, onConfirmed = () => {}, breaking = (work) => work } = needs
  const outbox = watched(forum.engine.outbox, world, onConfirmed)

  function start(process: SimulatedProcess): Running {
    let held: readonly OutboxRecord[] = []
    const noted: Claims = {
      ...outbox,
      async claim(limit, leaseMs) {
        const claim = await outbox.claim(limit, leaseMs)
        held = claim?.events ?? []
        return claim
      },
    }
    const { claims, publish: deliver } = breaking({
      claims: throughProcess(noted, process),
      publish: (events) => process.call('publish', () => publish(events)),
    })
    const relay = startOutboxRelay({
      claims,
      publish: (events) => deliver(events).then(() => []),
      onFailure: (error) => world.must(error instanceof DomainError, () => String(error)),
      sleep: process.sleep,
      random: world.dice.fraction,
      options: RELAY,
    })
    return { relay, holds: () => held }
  }

  const names = ['A', 'B', 'C'].slice(0, count)
  const relays = names.map((name) => keepRunning(`relay ${name}`, world, faults, start))
  const alive = () => relays.map((running) => running()).filter(({ process }) => process.isAlive())

  return {
    alive,
    wakeOne: (): void => alive()[world.dice.below(count)]?.work.relay.wake(),

    /** Waits until everything is published, which must not take long, then stops them all. */
    async finish(): Promise<void> {
      const deadline = world.now() + 20 * RELAY.leaseMs
      while (forum.state.outbox.length > 0) {
        world.must(world.now() < deadline, () => `Left behind: ${forum.state.outbox.map(nameOf)}.`)
        await world.sleep(20)
      }
      await Promise.all(alive().map(({ work }) => work.relay.stop()))
    },
  }
}

/** The same outbox, of whose claims only one may hold at a time. */
function watched(outbox: Claims, { now, must, note }: World, onConfirmed: () => void): Claims {
  const holding = { token: '', until: 0 }
  const ending = (end: (claim: Claim<OutboxRecord>) => Promise<void>) => async (claim: Claim<OutboxRecord>) => {
    await end(claim)
    if (claim.token === holding.token) holding.until = 0
  }

  return {
    confirm: ending(async (claim) => {
      await outbox.confirm(claim)
      onConfirmed()
    }),
    release: ending(outbox.release),

    async claim(limit, leaseMs) {
      const claim = await outbox.claim(limit, leaseMs)
      if (claim === null || claim.events.length === 0) return claim
      note(() => `claimed: ${claim.events.map(nameOf)}`)
      must(holding.until <= now(), () => 'Two claims hold at a time.')
      Object.assign(holding, { token: claim.token, until: now() + leaseMs })
      return claim
    },
  }
}
