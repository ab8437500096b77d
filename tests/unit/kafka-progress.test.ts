import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Committed, Progress } from '../../src/infrastructures/message-queue/kafka/progress.ts'

const START: Committed = { offset: 100, metadata: '' }
const WINDOW = 256

/** What another process finds when it takes the partition over. */
const takenOver = (progress: Progress): Progress => new Progress(progress.partition, progress.committed())

function taken(progress: Progress, count: number): Progress {
  for (let offset = progress.offset; offset < progress.offset + count; offset++) progress.take(offset)
  return progress
}

describe('the progress in a partition', () => {
  it('goes to the first message that is not done', () => {
    const progress = taken(new Progress(0, START), 4)

    progress.settle(101)
    assert.equal(progress.committed().offset, 100)
    progress.settle(100)
    assert.equal(progress.committed().offset, 102)
  })

  it('passes on to the next process what is done beyond that', () => {
    const progress = taken(new Progress(0, START), WINDOW)
    for (const offset of [101, 103, 355]) progress.settle(offset)

    const next = takenOver(progress)

    const done = Array.from({ length: WINDOW }, (_, at) => 100 + at).filter((offset) => !next.take(offset))
    assert.deepEqual(done, [101, 103, 355])
    next.settle(100)
    next.settle(102)
    assert.equal(next.committed().offset, 104)
  })

  it('passes on to the next process how often unfinished messages were attempted', () => {
    const progress = taken(new Progress(0, START), 10)
    progress.attempts = new Map([
      [100, 1],
      [103, 4],
      [109, 2],
    ])
    progress.settle(103)
    progress.settle(100)

    assert.deepEqual([...takenOver(progress).attempts], [[109, 2]])
  })

  it('marks a whole window as maybe attempted after a crash, and nothing after an orderly end', () => {
    const progress = taken(new Progress(0, START), 10)
    progress.isOpen = true
    assert.equal(takenOver(progress).maybeAttemptedUntil, 100 + WINDOW)

    progress.isOpen = false
    assert.equal(takenOver(progress).maybeAttemptedUntil, 100)
  })

  it('has room for a window after the first message that is not done', () => {
    const progress = taken(new Progress(0, START), 2)
    assert.deepEqual([progress.hasCapacity(355), progress.hasCapacity(356)], [true, false])

    progress.settle(100)
    assert.deepEqual([progress.hasCapacity(356), progress.hasCapacity(357)], [true, false])
  })

  it('fits into what a broker keeps beside an offset', () => {
    const progress = taken(new Progress(0, START), WINDOW)
    progress.isOpen = true
    for (let offset = 101; offset < 100 + WINDOW; offset += 2) progress.settle(offset)
    progress.attempts = new Map(progress.unsettled.map((offset) => [offset, 1_000]))

    assert.ok((progress.committed().metadata?.length ?? 0) < 4_096)
  })

  for (const metadata of [null, '', 'reset by hand', '[]', 'null']) {
    it(`begins at the offset alone, beside the text ${JSON.stringify(metadata)}`, () => {
      const progress = new Progress(0, { offset: 7, metadata })

      assert.deepEqual([progress.offset, progress.maybeAttemptedUntil, progress.take(7)], [7, 7, true])
    })
  }

  it('goes back where the partition begins anew', () => {
    const progress = new Progress(0, START)

    progress.jump(0)

    assert.ok(progress.take(0))
    assert.equal(progress.committed().offset, 0)
  })
})
