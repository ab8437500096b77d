import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { judge } from './kit/check-history.ts'
import { inconsistencies } from './kit/check-rows.ts'
import type { Operation } from './kit/history.ts'
import type { EventEnvelope, Row, Rows } from './kit/rows.ts'

const user: Row = { noun: 'user', id: 'u', version: 1, text: null, ownerId: null, postId: null }
const post: Row = { noun: 'post', id: 'p', version: 2, text: 'new', ownerId: 'u', postId: null }
const event = (type: string, subject: string, version: number, text?: string): EventEnvelope => ({
  type,
  subject,
  version,
  data: { id: subject, version, ...(text === undefined ? {} : { text }) },
})
const registered = event('user.registered', 'u', 1)
const written = event('post.written', 'p', 1, 'old')
const rewritten = event('post.rewritten', 'p', 2, 'new')
const removed = event('post.removed', 'p', 3, 'new')
const sound: Rows = { kept: [user, post], outbox: [registered, written, rewritten] }

const asked = { subject: 'p', postId: null, outcome: 'ok', answer: 200 } as const
const write: Operation = { ...asked, change: 'write-post', text: 'old', version: 1 }
const rewrite: Operation = { ...asked, change: 'rewrite-post', text: 'new', version: 2 }
const remove: Operation = { ...asked, change: 'remove-post', text: '-', version: null }

describe('the checker of what is kept', () => {
  it('finds nothing where state and events agree', () => {
    assert.deepEqual(inconsistencies(sound), [])
    assert.deepEqual(inconsistencies({ kept: [user], outbox: [...sound.outbox, removed] }), [])
  })

  for (const [fault, rows] of Object.entries({
    'a change without its event': { ...sound, outbox: [registered, written] },
    'an aggregate without an event': { ...sound, outbox: [registered] },
    'an event without its change': { ...sound, outbox: [...sound.outbox, event('post.rewritten', 'p', 3, 'newer')] },
    'an event twice': { ...sound, outbox: [...sound.outbox, rewritten] },
    'a gap between versions': { ...sound, outbox: [registered, written, event('post.rewritten', 'p', 3, 'new')] },
    'another text than its event has': { kept: [user, { ...post, text: 'other' }], outbox: sound.outbox },
    'a removal without its event': { ...sound, kept: [user] },
    'a removal that did not happen': { ...sound, outbox: [...sound.outbox, removed] },
    'a life after the end': { ...sound, outbox: [...sound.outbox, removed, event('post.rewritten', 'p', 4, 'new')] },
    'a child without its parent': {
      ...sound,
      kept: [...sound.kept, { ...post, id: 'c', postId: 'x' }],
    },
    'a post without its author': { kept: [post], outbox: [written, rewritten] },
  } satisfies Record<string, Rows>)) {
    it(`finds ${fault}`, () => {
      assert.notDeepEqual(inconsistencies(rows), [])
    })
  }
})

describe('the checker of the answers to clients', () => {
  it('finds nothing where all that was acknowledged is kept, and nothing else', () => {
    const { lost, phantom } = judge([write, rewrite], sound)

    assert.deepEqual({ lost, phantom }, { lost: [], phantom: [] })
  })

  it('accepts both results of an unknown outcome', () => {
    const doubtful = judge([write, { ...rewrite, outcome: 'info', version: null }], sound)
    const undone = judge([write, rewrite, { ...remove, outcome: 'info' }], sound)

    assert.deepEqual([doubtful.lost, doubtful.phantom, undone.lost, undone.phantom], [[], [], [], []])
  })

  for (const [fault, history] of Object.entries({
    'a change that is gone': [write, rewrite, { ...rewrite, text: 'newest', version: 3 }],
    'a change under another version': [write, { ...rewrite, version: 3 }],
    'an addition that is gone': [write, rewrite, { ...write, subject: 'q', text: 'q' }],
    'a removal that did not last': [write, rewrite, remove],
  } satisfies Record<string, Operation[]>)) {
    it(`finds ${fault}`, () => {
      assert.notDeepEqual(judge(history, sound).lost, [])
    })
  }

  for (const [fault, history, rows] of [
    ['a refused change that happened', [write, { ...rewrite, outcome: 'fail' }], sound],
    ['a change that nobody asked for', [write], sound],
    ['an addition that was refused', [{ ...write, outcome: 'fail' }, rewrite], sound],
    [
      'a removal that was refused',
      [write, rewrite, { ...remove, outcome: 'fail' }],
      { kept: [user], outbox: [...sound.outbox, removed] },
    ],
    ['a change that happened twice', [write, rewrite], { ...sound, outbox: [...sound.outbox, rewritten] }],
    ['more posts than were written', [write, rewrite], { ...sound, kept: [...sound.kept, { ...post, id: 'q' }] }],
  ] as const satisfies [string, Operation[], Rows][]) {
    it(`finds ${fault}`, () => {
      assert.notDeepEqual(judge(history, rows).phantom, [])
    })
  }
})
