/** Draws at random, the same for the same seed. */
export type Dice = Readonly<{
  /** From 0 to below 1. */
  fraction: () => number
  /** An integer from 0 to below `bound`. */
  below: (bound: number) => number
  chance: (probability: number) => boolean
  pick: <Thing>(things: readonly Thing[]) => Thing
}>

/**
 * A world of its own time, in which one thing happens after the other, in an order that a seed decides. Nothing in it may
 * wait for anything but its `sleep`, so thousands of milliseconds of it pass in one of ours.
 */
export type World = Readonly<{
  dice: Dice
  now: () => number
  sleep: (milliseconds: number) => Promise<void>
  /** Ends the world when a promise is broken; until then it goes on. */
  must: (isKept: boolean, breach: () => string) => void
  /** Records events, for the history of a failure. */
  note: (line: () => string) => void
  history: readonly string[]
}>

const MAX_STEPS = 50_000

type Waiting = Readonly<{ at: number; rank: number; goOn: () => void }>

/** Runs a scenario in a new world until it returns or throws. */
export async function runWorld(seed: number, scenario: (world: World) => Promise<void>, tells = false): Promise<World> {
  const dice = seededDice(seed)
  const waiting: Waiting[] = []
  const history: string[] = []
  const { promise: broken, reject: end } = Promise.withResolvers<never>()
  let time = 0
  let isOver = false

  const world: World = {
    dice,
    now: () => time,
    sleep: (milliseconds) =>
      new Promise((goOn) => waiting.push({ at: time + milliseconds, rank: dice.fraction(), goOn })),
    note: (line) => void (tells && history.push(`${Math.round(time)} ms: ${line()}`)),
    must: (isKept, breach) => void (isKept || end(new Error(breach()))),
    history,
  }

  const outcome = Promise.race([broken, scenario(world)]).finally(() => {
    isOver = true
  })
  outcome.catch(() => {})
  for (let steps = 0; ; steps++) {
    await allThatCanHappenNow()
    if (isOver) break
    const next = takeFirst(waiting)
    if (next === undefined) throw new Error('Everyone waits for somebody else.')
    if (steps === MAX_STEPS) throw new Error('It does not end.')
    time = Math.max(time, next.at)
    next.goOn()
  }
  await outcome
  return world
}

/** Called from a promise's continuation, a tick comes when no promise has one left. */
const allThatCanHappenNow = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve))

/** Of what is due at the same time, chance decides. */
function takeFirst(waiting: Waiting[]): Waiting | undefined {
  let first = 0
  for (let i = 1; i < waiting.length; i++) if (isBefore(waiting[i], waiting[first])) first = i
  const [last, found] = [waiting.pop(), waiting[first]]
  if (last === undefined || found === undefined) return last
  waiting[first] = last
  return found
}

const isBefore = (one: Waiting | undefined, other: Waiting | undefined): boolean =>
  one !== undefined && other !== undefined && (one.at - other.at || one.rank - other.rank) < 0

function seededDice(seed: number): Dice {
  const fraction = mulberry32(seed)
  const below = (bound: number) => Math.floor(fraction() * bound)
  return {
    fraction,
    below,
    chance: (probability) => fraction() < probability,
    pick: <Thing>(things: readonly Thing[]) => things[below(things.length)] as Thing,
  }
}

/** Tommy Ettinger's generator: small, fast, and good enough to shuffle. */
function mulberry32(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1) | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), 1 | state)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }
}
