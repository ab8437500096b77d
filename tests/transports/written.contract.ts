import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Noun, Transport } from '../kit/transports.ts'
import type { PlacedForum } from './places.ts'
import { NOBODY, refused } from './refused.ts'

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** What users may write: how long it is at most, and what a new one needs besides its text. */
export type Written = Readonly<{
  noun: Noun
  limit: number
  around: (forum: PlacedForum) => Promise<Readonly<Record<string, string>>>
}>

/** What holds for everything that users write, over any transport and store. */
export function describeWritten({ noun, limit, around: contextOf }: Written, open: () => Promise<PlacedForum>): void {
  let forum: PlacedForum
  let transport: Transport
  let around: Readonly<Record<string, string>> = {}
  before(async () => {
    forum = await open()
    transport = forum.transport
    around = await contextOf(forum)
  })
  after(() => forum[Symbol.asyncDispose]())

  const write = (text: string, key?: string) => transport.write(forum.alice, noun, { ...around, text }, key)
  const written = async () => (await write('Hello.')).value

  it('is written: the whole of it comes back, and is kept', async () => {
    const { code, value } = await write('  Hello, 🐯.  ')

    assert.equal(code, null)
    assert.match(value.id, UUID_V7)
    const { id, createdAt } = value
    const expected = { ...around, id, ownerId: forum.alice.id, text: 'Hello, 🐯.', version: 1, createdAt }
    assert.deepEqual({ ...value }, { ...expected, updatedAt: createdAt })
    assert.deepEqual((await transport.read(forum.bob, noun, id)).value, value)
  })

  it(`has ${limit} characters at most, counted in code points`, async () => {
    assert.equal((await write(` ${'🐯'.repeat(limit)} `)).value.text, '🐯'.repeat(limit))
    refused(await write('a'.repeat(limit + 1)), 'validation-failed', 'text')
    refused(await write('🐯'.repeat(limit + 1)), 'validation-failed', 'text')
  })

  const texts = { 'no text': '', spaces: ' \n\t\u3000', 'only invisible characters': '\u200b\u2060\ufeff' }
  for (const [what, text] of Object.entries({ ...texts, NUL: 'a\u0000b', 'half a character': 'a\ud800' })) {
    it(`is refused with ${what}, and the field is named`, async () => {
      refused(await write(text), 'validation-failed', 'text')
      refused(await transport.rewrite(forum.alice, noun, (await written()).id, text), 'validation-failed', 'text')
    })
  }

  it('keeps a replacement character that was sent as one', async () => {
    assert.equal((await write('a\ufffdb')).value.text, 'a\ufffdb')
  })

  it('is not found if unknown, invalid if the id is malformed', async () => {
    refused(await transport.read(forum.alice, noun, NOBODY), `${noun}-not-found`)
    for (const id of ['abc', '7', `{${NOBODY}}`, `urn:uuid:${NOBODY}`, `${NOBODY}0`]) {
      refused(await transport.read(forum.alice, noun, id), 'validation-failed', 'id')
    }
  })

  it('is found in any letter case', async () => {
    const one = await written()

    assert.equal((await transport.read(forum.bob, noun, one.id.toUpperCase())).value.id, one.id)
  })

  it('is rewritten to the next version', async () => {
    const before = await written()
    const { value } = await transport.rewrite(forum.alice, noun, before.id, ' Better. ')

    assert.deepEqual({ ...value }, { ...before, text: 'Better.', version: 2, updatedAt: value.updatedAt })
    assert.ok(value.updatedAt >= before.updatedAt)
    assert.deepEqual((await transport.read(forum.bob, noun, before.id)).value, value)
  })

  it('honours the expected version', async () => {
    const { id } = await written()
    const rewrite = (text: string, expected?: number) => transport.rewrite(forum.alice, noun, id, text, expected)

    assert.equal((await rewrite('Two.', 1)).code, null)
    refused(await rewrite('Lost.', 1), 'stale-version')
    refused(await rewrite('Lost.', 0), 'stale-version')
    refused(await transport.remove(forum.alice, noun, id, 1), 'stale-version')
    assert.equal((await transport.read(forum.bob, noun, id)).value.text, 'Two.')
    assert.equal((await transport.remove(forum.alice, noun, id, 2)).code, null)
  })

  it('belongs to its owner and super admins', async () => {
    const { id } = await written()

    refused(await transport.rewrite(forum.bob, noun, id, 'Mine.'), 'forbidden')
    refused(await transport.remove(forum.bob, noun, id), 'forbidden')
    assert.equal((await transport.rewrite(forum.ada, noun, id, 'Moderated.')).value.ownerId, forum.alice.id)
    assert.equal((await transport.remove(forum.ada, noun, id)).code, null)
  })

  it('is removed, and then nowhere', async () => {
    const { id } = await written()
    assert.equal((await transport.remove(forum.alice, noun, id)).code, null)

    refused(await transport.read(forum.alice, noun, id), `${noun}-not-found`)
    refused(await transport.rewrite(forum.alice, noun, id, 'Again.'), `${noun}-not-found`)
    refused(await transport.remove(forum.alice, noun, id), `${noun}-not-found`)
  })

  it('is written once under a key, however often it is sent', async () => {
    const first = await write('Once.', 'key-1')
    const again = await write('Once.', 'key-1')

    assert.deepEqual([first.isReplay, again.isReplay], [false, true])
    assert.deepEqual(again.value, first.value)
    refused(await write('Other.', 'key-1'), 'idempotency-key-reused')
    for (const key of ['a b', 'ü', 'a'.repeat(256)])
      refused(await write('Once.', key), 'validation-failed', 'request_id')
  })

  it('is listed page by page, the newest first, and counted on demand', async () => {
    const { alice } = forum
    const owner = await forum.person(`Lister of ${noun}s`)
    const ids: string[] = []
    for (const text of ['1', '2', '3', '4', '5']) {
      ids.unshift((await transport.write(owner, noun, { ...around, text })).value.id)
      await sleep(2) // So that they are written at different times, by which the list is sorted.
    }

    const query = { ownerId: owner.id, limit: 2 }
    const first = (await transport.list(alice, noun, { ...query, count: true })).value
    const second = (await transport.list(alice, noun, { ...query, cursor: first.next ?? '' })).value
    const third = (await transport.list(alice, noun, { ...query, cursor: second.next ?? '' })).value

    assert.deepEqual(
      [first, second, third].flatMap(({ items }) => items.map(({ id }) => id)),
      ids,
    )
    assert.deepEqual([first.total, second.total, third.next], [5, null, null])
    const oldest = (await transport.list(alice, noun, { ...query, sort: 'createdAt', limit: 1 })).value
    assert.equal(oldest.items[0]?.id, ids.at(-1))
  })

  it('is listed by the time of its creation: from is inclusive, to is exclusive', async () => {
    const { id, createdAt } = await written()
    const ownerId = forum.alice.id
    const later = new Date(Date.parse(createdAt) + 1).toISOString()
    const found = async (createdFrom: string, createdTo: string) =>
      (await transport.list(forum.bob, noun, { ownerId, createdFrom, createdTo })).value.items.some(
        (item) => item.id === id,
      )

    assert.equal(await found(createdAt, later), true)
    assert.equal(await found(later, '9999-01-01T00:00:00.000Z'), false)
    assert.equal(await found('0001-01-01T00:00:00.000Z', createdAt), false)
  })

  it('is listed with a cursor of the same list alone', async () => {
    for (let n = 0; n < 2; n++) await written()
    const { next } = (await transport.list(forum.alice, noun, { limit: 1 })).value
    const cursor = next ?? ''
    const altered = `${cursor.startsWith('A') ? 'B' : 'A'}${cursor.slice(1)}`

    refused(await transport.list(forum.alice, noun, { cursor, sort: 'updatedAt' }), 'invalid-cursor')
    refused(await transport.list(forum.alice, noun, { cursor, ownerId: forum.bob.id }), 'invalid-cursor')
    refused(await transport.list(forum.alice, noun, { cursor: altered }), 'invalid-cursor')
    refused(await transport.list(forum.alice, noun, { cursor: 'x' }), 'invalid-cursor')
  })

  it('is listed by what makes sense', async () => {
    refused(await transport.list(forum.alice, noun, { limit: 101 }), 'validation-failed', 'page_size')
    refused(await transport.list(forum.alice, noun, { limit: -1 }), 'validation-failed', 'page_size')
    refused(await transport.list(forum.alice, noun, { sort: 'text' }), 'validation-failed', 'order_by')
    refused(await transport.list(forum.alice, noun, { ownerId: 'abc' }), 'validation-failed', 'owner_id')
    const many = await transport.list(forum.alice, noun, { limit: 101, ownerId: 'abc' })
    assert.deepEqual(many.fields.toSorted(), ['owner_id', 'page_size'])
  })

  it('is for those who are known', async () => {
    refused(await transport.read(null, noun, NOBODY), 'authentication-required')
    refused(await transport.read({ token: 'x.y.z' }, noun, NOBODY), 'invalid-token')
  })
}
