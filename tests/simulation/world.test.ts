import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { inEveryWorld, type Scenario } from '../kit/simulated-seeds.ts'
import { runWorld } from '../kit/simulated-world.ts'

const hour = 3_600_000

const race: Scenario = async ({ dice, sleep, note }) => {
  const run = async (name: string) => {
    for (let lap = 1; lap <= 3; lap++) {
      await sleep(dice.below(5))
      note(() => `${name} ends lap ${lap}`)
    }
  }
  await Promise.all(['A', 'B', 'C'].map(run))
}

const historyOf = async (seed: number) => (await runWorld(seed, race, true)).history

describe('a simulated world', () => {
  it('goes the same way for the same seed, and another for another', async () => {
    const histories = await Promise.all([historyOf(1), historyOf(1), historyOf(2)])

    assert.equal(histories[0]?.length, 9)
    assert.deepEqual(histories[0], histories[1])
    assert.notDeepEqual(histories[0], histories[2])
  })

  it('has a time of its own', async () => {
    const start = performance.now()

    const { now } = await runWorld(1, ({ sleep }) => sleep(hour))

    assert.equal(now(), hour)
    assert.ok(performance.now() - start < 1_000)
  })

  it('ends when a promise is broken, though others are still at work', async () => {
    const world = runWorld(1, async ({ must, sleep }) => {
      await sleep(1)
      must(false, () => 'a promise')
      for (;;) await sleep(1)
    })

    await assert.rejects(world, { message: 'a promise' })
  })

  it('fails when all wait for each other, or none ever ends', async () => {
    await assert.rejects(
      runWorld(1, () => new Promise(() => {})),
      /Everyone waits/,
    )
    await assert.rejects(
      runWorld(1, async ({ sleep }) => {
        for (;;) await sleep(1)
      }),
      /does not end/,
    )
  })

  it('names the seed that repeats a failure, and what happened in it', { skip: 'SEED' in process.env }, async (t) => {
    const unlucky: Scenario = async (world) => {
      await race(world)
      world.must(world.dice.below(10) > 0, () => 'out of luck')
    }

    await assert.rejects(inEveryWorld(t, 1_000, unlucky), /SEED=\d+ shows it again: out of luck\n(.*lap.*\n?){9}$/)
  })
})
