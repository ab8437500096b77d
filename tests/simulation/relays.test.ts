import { describe, it } from 'node:test'
import { type Faults, LONGEST_WAY_MS, NO_FAULTS } from '../kit/simulated-process.ts'
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
import { type BreakDriver, nameOf, openForum } from './simulated-forum.ts'
import { type BreakRelay, openRelays, RELAY } from './simulated-relays.ts'
import { openTap } from './simulated-tap.ts'
import { letWrite } from './simulated-writers.ts'

const STORM: Faults = { crash: 0.01, pause: 0.02, longestPauseMs: 3 * RELAY.leaseMs, failure: 0.06 }
const WORLDS = 900

/** A look, and all that others hold meanwhile: well before a lease ends that nobody gave back. */
const SOON_MS = 2 * RELAY.pollMs

type Broken = Readonly<{ driver?: BreakDriver; relay?: BreakRelay }>

/** Three relays over one outbox, and three who write. */
function openWorld(world: World, weather: Faults, { driver, relay }: Broken) {
  const sky = { faults: weather }
  const faults = () => sky.faults
  const forum = openForum(world, driver)
  const tap = openTap(world, forum, faults)
  const relays = openRelays({ world, forum, faults, publish: tap.publish, onConfirmed: tap.check, breaking: relay }, 3)

  return {
    forum,
    tap,
    relays,
    write: () => letWrite({ world, forum, faults, onWritten: () => world.dice.chance(0.5) && relays.wakeOne() }, 3, 6),
    heal: () => {
      sky.faults = NO_FAULTS
    },
  }
}

const storm =
  (broken: Broken = {}): Scenario =>
  async (world) => {
    const { forum, tap, relays, write, heal } = openWorld(world, STORM, broken)

    await write()
    heal()
    await relays.finish()

    for (const name of forum.committed) world.must(tap.copies.has(name), () => `Never published: ${name}.`)
  }

const calm =
  (broken: Broken = {}): Scenario =>
  async (world) => {
    const { tap, relays, write } = openWorld(world, NO_FAULTS, broken)

    await write()
    await relays.finish()

    for (const [name, copies] of tap.copies) world.must(copies === 1, () => `Published ${copies} times: ${name}.`)
    world.must(tap.slowestMs() <= SOON_MS, () => `Published late: after ${tap.slowestMs()} ms.`)
  }

/** One relay dies with a claim in its hands. */
const takeover =
  (broken: Broken = {}): Scenario =>
  async (world) => {
    const { tap, relays, write } = openWorld(world, NO_FAULTS, broken)
    const writing = write()
    const left = await deathOfHolder(world, relays.alive)
    const diedAt = world.now()

    const bound = RELAY.leaseMs + RELAY.pollMs + RELAY.gatherMs + 6 * LONGEST_WAY_MS
    while (!left.every((name) => tap.copies.has(name))) {
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
    inEveryWorld(t, WORLDS, storm()))

  it('publish each event once and soon when nothing fails', (t) => inEveryWorld(t, WORLDS / 3, calm()))

  it('take over what a dead one held after a lease and a look', (t) => inEveryWorld(t, WORLDS / 3, takeover()))
})

describe('the simulation of relays notices', () => {
  it('a confirmation that is not held against its claim', (t) =>
    inSomeWorld(
      t,
      /Marked, but not published|Never published|out of order/,
      storm({ driver: confirmsWhateverIsFirst }),
    ))

  it('a relay that confirms first', (t) =>
    inSomeWorld(t, /Never published|out of order|Marked/, storm({ relay: confirmsFirst })))

  it('a lease that holds nobody off', (t) => inSomeWorld(t, /Two claims hold/, calm({ driver: leasesForNothing })))

  it('a lease of nothing, which holds', (t) => inSomeWorld(t, /Published late/, calm({ driver: keepsLeaseOfNothing })))

  it('a lease that holds too long', (t) => inSomeWorld(t, /Not taken over/, takeover({ relay: leasesForLong })))

  it('a relay that gives up what failed', (t) =>
    inSomeWorld(t, /Never|order|Marked/, storm({ relay: swallowsFailures })))
})
