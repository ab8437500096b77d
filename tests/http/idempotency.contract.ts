import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { UserId } from '../../src/domains/entities/user.ts'
import type { Store } from '../../src/domains/ports/store.ts'
import { type Answer, assertProblem } from '../kit/answers.ts'
import { type Forum, openForum } from '../kit/http.ts'
import type { Person } from '../kit/people.ts'
import { assertReplayed, replayed } from './replayed.ts'

export type OpenedStore = Readonly<{ store: Store; close: () => Promise<void> }>

/** What `Idempotency-Key` promises, over any store. */
export function describeKeys(name: string, open: () => Promise<OpenedStore>, skip: string | false): void {
  describe(`a request with a key, over ${name},`, { skip }, () => {
    let forum: Forum
    let opened: OpenedStore
    before(async () => {
      opened = await open()
      forum = await openForum({ store: opened.store })
    })
    after(async () => {
      await forum[Symbol.asyncDispose]()
      await opened.close()
    })

    let keys = 0
    const newKey = () => `key-${++keys}`
    const writeAs = (who: Person, key: string, text: string) =>
      forum.call(who, 'POST', '/v1/posts', { body: { text }, headers: { 'idempotency-key': key } })
    const write = (key: string, text = 'Hello.') => writeAs(forum.alice, key, text)
    const postsOf = async ({ id }: Person) =>
      (await forum.call(forum.bob, 'GET', `/v1/posts?ownerId=${id}&count=true`)).body.total

    it('gets the first answer again, to the byte, and nothing is done', async () => {
      const [carol, key] = [await forum.person('Carol'), newKey()]
      const first = await writeAs(carol, key, 'Hello, 🐯.')

      const again = [await writeAs(carol, key, 'Hello, 🐯.'), await writeAs(carol, key, 'Hello, 🐯.')]

      assert.equal(first.status, 201)
      for (const answer of again) assertReplayed(answer, first)
      assert.equal(await postsOf(carol), 1)
    })

    it('gets it though what it wrote was rewritten, and though it is gone', async () => {
      const key = newKey()
      const first = await write(key)
      const path = first.headers['location'] ?? ''

      await forum.call(forum.alice, 'PUT', path, { body: { text: 'Changed.' } })
      assertReplayed(await write(key), first)
      await forum.call(forum.alice, 'DELETE', path)
      assertReplayed(await write(key), first)

      assertProblem(await forum.call(forum.alice, 'GET', path), 404, 'post-not-found')
    })

    it('is done once when it comes twenty times at once, be it from someone unknown', async () => {
      const [dave, key] = [await forum.person('Dave'), newKey()]

      const answers = await Promise.all(Array.from({ length: 20 }, () => writeAs(dave, key, 'Me!')))

      const firsts = answers.filter((answer) => answer.status === 201 && replayed(answer) === undefined)
      assert.equal(firsts.length, 1)
      for (const answer of answers.filter((one) => one !== firsts[0])) {
        if (answer.status === 201) assertReplayed(answer, firsts[0] as Answer)
        else assertInUse(answer)
      }
      assertReplayed(await writeAs(dave, key, 'Me!'), firsts[0] as Answer)
      assert.equal(await postsOf(dave), 1)
    })

    it('is refused when it asks for something else', async () => {
      const key = newKey()
      await write(key)

      assertProblem(await write(key, 'Something else.'), 422, 'idempotency-key-reused')
    })

    it('has nothing to do with the same key of somebody else', async () => {
      const key = newKey()
      const [mine, theirs] = [await write(key), await writeAs(forum.bob, key, 'Hello.')]

      assert.equal(theirs.body.ownerId, forum.bob.id)
      assertReplayed(await writeAs(forum.bob, key, 'Hello.'), theirs)
      assertReplayed(await write(key), mine)
    })

    it('may fail, and is tried anew when it comes again', async () => {
      const [dora, key] = [await forum.person('Dora'), newKey()]
      await forum.call(dora, 'GET', '/v1/users/me')
      const change = (isActive: boolean) =>
        forum.services.users.change({ id: UserId.parse(dora.id), change: { isActive } })
      await change(false)
      for (let n = 0; n < 2; n++) assertProblem(await writeAs(dora, key, 'Here I am.'), 403, 'account-disabled')

      await change(true)
      const first = await writeAs(dora, key, 'Here I am.')

      assert.equal(first.status, 201)
      assertReplayed(await writeAs(dora, key, 'Here I am.'), first)
    })

    it('needs an account that is active, also for an answer that is there', async () => {
      const [erin, key, unused] = [await forum.person('Erin'), newKey(), newKey()]
      const first = await writeAs(erin, key, 'Hello.')
      const activate = (isActive: boolean) =>
        forum.services.users.change({ id: UserId.parse(erin.id), change: { isActive } })

      await activate(false)
      assertProblem(await writeAs(erin, key, 'Hello.'), 403, 'account-disabled')
      assertProblem(await writeAs(erin, key, 'Something else.'), 403, 'account-disabled')
      assertProblem(await writeAs(erin, unused, 'Hello.'), 403, 'account-disabled')
      await activate(true)

      assertReplayed(await writeAs(erin, key, 'Hello.'), first)
      assert.equal(replayed(await writeAs(erin, unused, 'Something else.')), undefined)
    })
  })
}

/** Another request with the key is in progress, and the answer has Retry-After. */
export function assertInUse(answer: Answer): void {
  assertProblem(answer, 409, 'idempotency-key-in-use')
  assert.match(answer.headers['retry-after'] ?? '', /^[1-9]\d*$/)
}
