import { describe, it } from 'node:test'
import { type Faults, MAX_LATENCY_MS, NO_FAULTS } from '../kit/simulated-process.ts'
import { inEveryWorld, inSomeWorld, type Scenario } from '../kit/simulated-seeds.ts'
import type { World } from '../kit/simulated-world.ts'
import {
  confirmsFirst,
  confirmsWhateverIsFirst,
  keepsLeaseOfNothing,
  leasesForLong,
  leasesForNothing,
  swallowsFailures,
} from './broken-relays.ts'
import { createPublishProbe } from './publish-probe.ts'
import { type BreakDriver, nameOf } from './simulated-engine.ts'
import { openForum } from './simulated-forum.ts'
import { type BreakRelay, openRelays, RELAY } from './simulated-relays.ts'
import { letWrite } from './simulated-writers.ts'

const HEAVY_FAULTS: Faults = { crash: 0.01, pause: 0.02, maxBackoffMs: 3 * RELAY.leaseMs, failure: 0.06 }
const WORLDS = 900

/** A look, and all that others hold meanwhile: well before a lease ends that was not released. */
const SOON_MS = 2 * RELAY.claimIntervalMs

type Broken = Readonly<{ driver?: BreakDriver; relay?: BreakRelay }>

/** Three relays over one outbox, and three who write. */
function openWorld(world: World, initialFaults: Faults, { driver, relay }: Broken) {
  const faultProfile = { faults: initialFaults }
  const faults = () => faultProfile.faults
  const forum = openForum(world, driver)
  const probe = createPublishProbe(world, forum, faults)
  const relays = openRelays(
    { world, forum, faults, publish: probe.publish, onConfirmed: probe.check, breaking: relay },
    3,
  )

  return {
    forum,
    probe,
    relays,
    write: () => letWrite({ world, forum, faults, onWritten: () => world.dice.chance(0.5) && relays.wakeOne() }, 3, 6),
    clearFaults: () => {
      faultProfile.faults = NO_FAULTS
    },
  }
}

const heavyFaults =
  (broken: Broken = {}): Scenario =>
  async (world) => {
    const { forum, probe, relays, write, clearFaults } = openWorld(world, HEAVY_FAULTS, broken)

    await write()
    clearFaults()
    await relays.finish()

    for (const name of forum.committed) world.must(probe.copies.has(name), () => `Never published: ${name}.`)
  }

const calm =
  (broken: Broken = {}): Scenario =>
  async (world) => {
    const { probe, relays, write } = openWorld(world, NO_FAULTS, broken)

    await write()
    await relays.finish()

    for (const [name, copies] of probe.copies) world.must(copies === 1, () => `Published ${copies} times: ${name}.`)
    world.must(probe.slowestMs() <= SOON_MS, () => `Published late: after ${probe.slowestMs()} ms.`)
  }

/** One relay dies with a claim in its hands. */
const takeover =
  (broken: Broken = {}): Scenario =>
  async (world) => {
    const { probe, relays, write } = openWorld(world, NO_FAULTS, broken)
    const writing = write()
    const left = await deathOfHolder(world, relays.alive)
    const diedAt = world.now()

    const bound = RELAY.leaseMs + RELAY.claimIntervalMs + RELAY.lingerMs + 6 * MAX_LATENCY_MS
    while (!left.every((name) => probe.copies.has(name))) {
      world.must(world.now() <= diedAt + bound, () => `Not taken over after ${bound} ms: ${left}.`)
      await world.sleep(1)
    }
    await writing
  }

/** The names of what the relay held that died. */
async function deathOfHolder(
  { dice, sleep }: World,
  alive: ReturnType<typeof openRelays>['alive'],
): Promise<readonly string[]> {
  for (;;) {
    await sleep(1)
    const holder = alive().find(({ work }) => work.holds().length > 0)
    if (holder === undefined) continue
    holder.process.dieIn(dice.below(4))
    await holder.process.died
    return holder.work.holds().map(nameOf)
  }
}

describe('relays over one outbox', () => {
  it('publish all that was committed and nothing else, in order, and mark nothing else, through crashes, pauses and failures', (t) =>
    inEveryWorld(t, WORLDS, heavyFaults()))

  it('publish each event once and soon when nothing fails', (t) => inEveryWorld(t, WORLDS / 3, calm()))

  it('take over what a dead one held after a lease and a look', (t) => inEveryWorld(t, WORLDS / 3, takeover()))
})

describe('the simulation of relays notices', () => {
  it('a confirmation that is not held against its claim', (t) =>
    inSomeWorld(
      t,
      /Marked, but not published|Never published|out of order/,
      heavyFaults({ driver: confirmsWhateverIsFirst }),
    ))

  it('a relay that confirms first', (t) =>
    inSomeWorld(t, /Never published|out of order|Marked/, heavyFaults({ relay: confirmsFirst })))

  it('a lease that holds off no other relay', (t) =>
    inSomeWorld(t, /Two claims hold/, calm({ driver: leasesForNothing })))

  it('a lease of nothing, which holds', (t) => inSomeWorld(t, /Published late/, calm({ driver: keepsLeaseOfNothing })))

  it('a lease that holds too long', (t) => inSomeWorld(t, /Not taken over/, takeover({ relay: leasesForLong })))

  it('a relay that gives up what failed', (t) =>
    inSomeWorld(t, /Never|order|Marked/, heavyFaults({ relay: swallowsFailures })))
})
