import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { User } from '../../src/domains/entities/user.ts'
import { CommentNotFound } from '../../src/domains/errors/comment-errors.ts'
import { PostNotFound } from '../../src/domains/errors/post-errors.ts'
import { aComment, aPost, aUser, minutesAfterNoon } from '../fixtures.ts'
import { eventOf } from '../kit/forum-store.ts'
import { adding, removing, saving } from './changes.ts'
import { newCommentId, newPostId, newUserId, type World } from './world.ts'

const later = minutesAfterNoon(1)

const TEXTS = {
  'of one character': '.',
  'with emoji': '🦉👩‍👩‍👧‍👦🏳️‍🌈',
  'with combining marks, composed and not': 'e\u0301 \u00e9 Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢',
  'from right to left': 'שלום \u202eevil\u202c مرحبا',
  'with quotes and backslashes': `'; drop table posts; -- "x" \\ \\\\ \\n $1 ?1 :name @p \``,
  'with wildcards': '%_*? 100% _underscored_',
  'of several lines': 'one\r\ntwo\nthree\rfour\u2028five\tsix',
  'with control characters': 'a\u0001\u0007\b\u001b[31mred\u001b[0m\u007f\u0085z',
  'that looks like JSON': '{"text": null, "__proto__": []}',
  'that looks like a number, a truth or nothing': '007',
  'with the ends of Unicode': '\uffff\ufffe\u{10ffff}\ue000\ufdd0',
  'of 10,000 code points beyond the BMP': '𝒳'.repeat(10_000),
}

const TIMES = {
  'to the millisecond': '2026-03-01T12:34:56.789Z',
  'at the last millisecond of a second': '2026-12-31T23:59:59.999Z',
  'before 1970': '1969-12-31T23:59:59.001Z',
  'long before 1970': '1815-12-10T08:00:00.500Z',
  'in a leap second’s neighbourhood': '2016-12-31T23:59:59.999Z',
  'in an hour that a summer time skips': '2026-03-29T02:30:00.123Z',
  'in the year 9999': '9999-12-31T23:59:59.998Z',
}

const PROFILES: Record<string, Partial<User>> = {
  full: { username: 'Zoë', fullName: 'Zoë O’Brien "Z" \\', email: 'zoë+tag@exämple.org' },
  'without a full name': { fullName: null },
  'without an email': { email: null },
  'without either': { fullName: null, email: null },
  'of empty strings, which are not nothing': { username: '', fullName: '', email: '' },
}

export function describeValues(world: () => World): void {
  describe('a text', () => {
    for (const [kind, text] of Object.entries(TEXTS)) {
      it(`${kind} comes back as it was, from everywhere`, async () => {
        const { driver, store, keep, announced } = world()
        const post = await keep.post({ text })
        const rewritten = { ...post, version: 2, updatedAt: later }
        const comment = await keep.comment({ text: aPost({ text }).text.slice(0, 1_000), postId: post.id })

        await driver.commit([saving.post(rewritten)])
        const [listed] = await store.posts.list({
          filter: { ownerId: post.ownerId },
          sort: 'createdAt',
          after: null,
          limit: 1,
        })
        assert.equal((await store.posts.get(post.id)).text, text)
        assert.equal(listed?.text, text)
        await driver.commit([removing.post({ ...rewritten, version: 3 })])
        const data = (await announced(post.id, comment.id)).map((event) => (event.data as { text: string }).text)
        assert.deepEqual(data, [text, text, text, comment.text, comment.text])
      })
    }
  })

  describe('a time', () => {
    for (const [kind, iso] of Object.entries(TIMES)) {
      it(`${kind} comes back as it was, from everywhere`, async () => {
        const { driver, store, keep, opened, announced } = world()
        const time = new Date(iso)
        const post = await keep.post({ createdAt: time, updatedAt: time })
        const comment = await keep.comment({ createdAt: time, updatedAt: time, postId: post.id })
        const user = { ...(await keep.user()), version: 2, updatedAt: time, removedAt: time }

        const kept = await store.posts.get(post.id)
        await driver.commit([saving.user(user), removing.post({ ...post, version: 2 })])

        const events = (await opened.outbox()).filter(({ subject }) => [post.id, comment.id].includes(subject as never))
        assert.deepEqual(kept, post)
        assert.deepEqual(await store.users.find(user.id), user)
        assert.deepEqual(
          events.map((event) => event.time),
          [time, time, time, time],
        )
        for (const { data } of await announced(post.id, comment.id)) {
          const { createdAt, updatedAt } = data as { createdAt: string; updatedAt: string }
          assert.deepEqual([createdAt, updatedAt], [iso, iso])
        }
      })

      it(`${kind} is found by it`, async () => {
        const { store, keep } = world()
        const createdAt = new Date(iso)
        const { ownerId, ...post } = await keep.post({ createdAt })
        const next = new Date(createdAt.getTime() + 1)

        assert.equal(await store.posts.count({ ownerId, createdFrom: createdAt, createdTo: next }), 1)
        assert.equal(await store.posts.count({ ownerId, createdFrom: next }), 0)
        assert.equal(await store.posts.count({ ownerId, createdTo: createdAt }), 0)
        assert.deepEqual(
          await store.posts.list({
            filter: { ownerId },
            sort: 'createdAt',
            after: { at: createdAt, id: post.id },
            limit: 9,
          }),
          [],
        )
      })
    }
  })

  describe('a profile', () => {
    for (const [kind, fields] of Object.entries(PROFILES)) {
      it(`${kind} comes back as it was`, async () => {
        const { driver, store, keep, announced } = world()
        const user = await keep.user(fields)
        const changed = { ...(await keep.user()), ...fields, version: 2, updatedAt: later }

        await driver.commit([saving.user(changed)])

        assert.deepEqual(await store.users.find(user.id), user)
        assert.deepEqual(await store.users.find(changed.id), changed)
        assert.deepEqual(
          (await announced(changed.id))[1]?.data,
          JSON.parse(JSON.stringify(eventOf('user.changed', changed).data)),
        )
      })
    }
  })

  describe('what is read', () => {
    it('is a plain object with the properties that were saved and no others', async () => {
      const { store, keep } = world()
      const user = await keep.user()
      const post = await keep.post({ ownerId: user.id })
      const comment = await keep.comment({ postId: post.id, ownerId: user.id })
      const listing = { filter: { ownerId: user.id }, sort: '-updatedAt', after: null, limit: 9 } as const

      const read = {
        user: await store.users.find(user.id),
        posts: [await store.posts.get(post.id), ...(await store.posts.list(listing))],
        comments: [await store.comments.get(comment.id), ...(await store.comments.list(listing))],
        within: await store.transact((uow) => Promise.all([uow.posts.get(post.id), uow.users.find(user.id)])),
      }

      assert.deepEqual(read, { user, posts: [post, post], comments: [comment, comment], within: [post, user] })
    })

    it('is nothing, or an error that says what is missing, for ids never seen', async () => {
      const { store } = world()

      assert.equal(await store.users.find(newUserId()), null)
      await assert.rejects(store.posts.get(newPostId()), PostNotFound)
      await assert.rejects(store.comments.get(newCommentId()), CommentNotFound)
    })

    it('is the last version after many changes', async () => {
      const { driver, store, keep } = world()
      let post = await keep.post()

      while (post.version < 50) {
        post = { ...post, text: aPost({ text: `v${post.version}` }).text, version: post.version + 1, updatedAt: later }
        await driver.commit([saving.post(post)])
      }

      assert.deepEqual(await store.posts.get(post.id), post)
    })

    it('may be kept again under another id', async () => {
      const { driver, store, keep } = world()
      const comment = await keep.comment()
      const copy = { ...(await store.comments.get(comment.id)), id: newCommentId() }
      const user = aUser({ id: newUserId(), removedAt: null })

      await driver.commit([adding.user(user), adding.comment(copy)])
      await driver.commit([removing.comment({ ...comment, version: 2 })])

      assert.deepEqual(await store.comments.get(copy.id), aComment({ ...comment, id: copy.id }))
    })
  })
}
