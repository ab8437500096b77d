import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createAdmissionQueue } from '../../src/controllers/api/admission-queue.ts'

const MAX_RUNNING = 4

function setUp() {
  let time = 0
  const queue = createAdmissionQueue<number>(MAX_RUNNING, () => time)

  /** Offers items until one does not fit, and says how many did. */
  function fill(): number {
    let added = 0
    for (; !queue.isFull(); added++) queue.add(added)
    return added
  }

  return {
    queue,
    fill,
    pass: (milliseconds: number): void => {
      time += milliseconds
    },
    /** Starts one item every so often while others take its place. */
    serve(items: number, everyMs: number): void {
      for (let item = 0; item < items; item++) {
        time += everyMs
        queue.take()
        if (!queue.isFull()) queue.add(item)
      }
    },
  }
}

describe('the queue for admission', () => {
  it('starts items in order of arrival, so many at once', () => {
    const { queue } = setUp()
    for (let item = 1; item <= 9; item++) queue.add(item)

    const started: (number | undefined)[] = []
    while (queue.startable() > 0) {
      started.push(queue.take())
      queue.begin()
    }

    assert.deepEqual([started, queue.running(), queue.waiting()], [[1, 2, 3, 4], 4, 5])
    queue.end()
    assert.deepEqual([queue.startable(), queue.take()], [1, 5])
  })

  it('holds what starts within a quarter of a second, by the rate of the last seconds', () => {
    const { queue, fill, serve } = setUp()
    fill()

    serve(2_000, 1) // 1,000 a second
    assert.ok(Math.abs(queue.waiting() - 250) <= 5, `${queue.waiting()} wait`)
    serve(2_000, 2) // 500 a second
    assert.ok(Math.abs(queue.waiting() - 125) <= 5, `${queue.waiting()} wait`)
    serve(4_000, 0.5) // 2,000 a second
    assert.ok(Math.abs(queue.waiting() + fill() - 500) <= 5)
  })

  it('refuses a short burst on no machine, and bounds memory on all', () => {
    const slow = setUp()
    slow.fill()
    slow.serve(600, 100)
    assert.equal(slow.queue.waiting(), 64)

    const fast = setUp()
    fast.fill()
    fast.serve(40_000, 0.05)
    assert.equal(fast.queue.waiting() + fast.fill(), 1_000)
  })

  it('learns nothing from a small load, however slow its disk is', () => {
    const { queue, fill, pass } = setUp()
    for (let item = 0; item < 1_000; item++) {
      queue.add(item)
      pass(500)
      queue.take()
      pass(1_000)
    }

    assert.equal(fill(), 500)
  })

  it('loses at most half of its room by a pause of the process', () => {
    const { queue, fill, pass, serve } = setUp()
    fill()
    serve(4_000, 0.5) // 2,000 a second: 500 fit
    assert.ok(queue.waiting() >= 495)

    pass(400)
    queue.isFull()
    while (queue.waiting() > 0) queue.take()
    assert.ok(fill() >= 240)
  })
})
