import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { EventRows, OutboxRecord } from './kit/event-rows.ts'
import { ALL_WELL, judgeEvents } from './kit/event-verdict.ts'
import type { Sighting } from './kit/publish-probe.ts'

const kept = (id: string, type: string, subject: string, version: number, more = {}): OutboxRecord => ({
  ...{ id, type, subject, version },
  data: { id: subject, ownerId: 'alice', ...more },
})
const outbox = [
  kept('1', 'post.written', 'post', 1),
  kept('2', 'post.rewritten', 'post', 2),
  kept('3', 'comment.written', 'by bob', 1, { ownerId: 'bob', postId: 'post' }),
  kept('4', 'comment.written', 'by alice', 1, { postId: 'post' }),
]
const sightings: readonly Sighting[] = outbox.map((event) => ({ ...event, body: '', at: 0 }))
const [first, second, ...others] = sightings as [Sighting, Sighting, Sighting, Sighting]
const rows: EventRows = { outbox, inbox: ['3', '4'], notified: ['by bob'] }
const removal = kept('5', 'post.removed', 'post', 3)

describe('the checker of events', () => {
  it('finds nothing where each was published and took effect once', () => {
    const again = [...sightings, first, second]

    assert.deepEqual(judgeEvents(rows, sightings), ALL_WELL)
    assert.deepEqual(judgeEvents(rows, again), ALL_WELL, 'repetitions are no harm')
  })

  it('demands nothing for a post that is gone, and forbids nothing', () => {
    const gone = { ...rows, outbox: [...outbox, removal] }
    const seen = [...sightings, { ...removal, body: '', at: 0 }]

    assert.deepEqual(judgeEvents(gone, seen), ALL_WELL)
    assert.deepEqual(judgeEvents({ ...gone, notified: [] }, seen), ALL_WELL)
  })

  it('finds what is missing, invented or overtaken on the queue', () => {
    assert.deepEqual(judgeEvents(rows, [first, ...others]).missing, ['post.rewritten post'])
    assert.deepEqual(judgeEvents(rows, [...sightings, { ...first, id: '9', subject: 'x' }]).ghosts, ['post.written x'])
    assert.deepEqual(judgeEvents(rows, [second, first, ...others]).overtaken, ['post: 2,1'])
  })

  it('finds an effect that is missing, repeated or in vain', () => {
    assert.deepEqual(judgeEvents({ ...rows, notified: [] }, sightings).notNotified, ['by bob'])
    assert.deepEqual(judgeEvents({ ...rows, notified: ['by bob', 'by bob'] }, sightings).notifiedTwice, ['by bob'])
    assert.deepEqual(judgeEvents({ ...rows, notified: ['by bob', 'by alice'] }, sightings).notifiedInVain, ['by alice'])
  })
})
