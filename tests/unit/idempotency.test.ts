import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { IdempotencyKeyInUse, IdempotencyKeyReused } from '../../src/domains/errors/idempotency-errors.ts'
import { InvalidInput } from '../../src/domains/errors/input-errors.ts'
import { PostNotFound } from '../../src/domains/errors/post-errors.ts'
import { RESERVATION_TTL_MS } from '../../src/domains/ports/idempotency-keys.ts'
import { writePost } from '../../src/domains/usecases/posts/write-post.ts'
import { alice, aPost, bob, minutesAfterNoon, newPost, noon, postDraft, setUp } from '../fixtures.ts'

const request = { key: 'mine', fingerprint: 'hello' }
const other = { ...request, fingerprint: 'something else' }

describe('a request that comes again', () => {
  it('gets the first result, whatever became of it since, and adds no event', async () => {
    const { postService, clock, recordedEvents } = setUp()
    const first = await postService.write({ author: alice, ...postDraft(), request })
    await postService.rewrite({ editor: alice, id: newPost, ...postDraft('Changed.'), expected: null })

    clock.time = minutesAfterNoon(5)
    const again = await postService.write({ author: alice, ...postDraft(), request })

    assert.deepEqual(first, { result: aPost({ id: newPost }), isReplay: false })
    assert.deepEqual(again, { ...first, isReplay: true })
    assert.deepEqual(recordedEvents(), ['post.written 1', 'post.rewritten 2'])
  })

  it('is done again where it has no key', async () => {
    const { postService, state } = setUp()

    const answers = [
      await postService.write({ author: alice, ...postDraft() }),
      await postService.write({ author: alice, ...postDraft() }),
    ]

    assert.deepEqual(
      answers.map(({ isReplay }) => isReplay),
      [false, false],
    )
    assert.deepEqual([state.post.size, state.key.size], [2, 0])
  })

  it('is not taken for one that asks for something else', async () => {
    const { postService, state } = setUp()
    await postService.write({ author: alice, ...postDraft(), request })

    await assert.rejects(
      postService.write({ author: alice, ...postDraft('Hi.'), request: other }),
      IdempotencyKeyReused,
    )

    assert.equal(state.post.size, 1)
  })

  it('while the first is at work, is refused', async () => {
    const { postService, state } = setUp()

    const [first, second] = await Promise.allSettled(
      [1, 2].map(() => postService.write({ author: alice, ...postDraft(), request })),
    )

    assert.equal(first?.status, 'fulfilled')
    assert.ok(second?.status === 'rejected' && second.reason instanceof IdempotencyKeyInUse)
    assert.equal(state.post.size, 1)
  })

  it('has the key to itself once the first one has taken too long, which is then refused', async () => {
    const { accounts, postService, clock, state, recordedEvents } = setUp()

    const slow = accounts.create(alice, request, async (uow) => {
      clock.time = new Date(noon.getTime() + RESERVATION_TTL_MS)
      await postService.write({ author: alice, ...postDraft(), request })
      return writePost(uow, { ...aPost(), at: noon })
    })

    await assert.rejects(slow, IdempotencyKeyInUse)
    assert.deepEqual([...state.post.keys()], [newPost])
    assert.deepEqual(recordedEvents(), ['post.written 1'])
    assert.equal((await postService.write({ author: alice, ...postDraft(), request })).isReplay, true)
  })
})

describe('a request that fails', () => {
  it('leaves no key behind, and may ask for something else with it', async () => {
    const { accounts, postService, state } = setUp()
    const failing = accounts.create(bob, request, async (uow) => {
      await writePost(uow, { ...aPost(), at: noon })
      throw new PostNotFound()
    })

    await assert.rejects(failing, PostNotFound)
    assert.equal(state.key.size, 0)

    assert.equal((await postService.write({ author: bob, ...postDraft(), request: other })).isReplay, false)
  })

  it('for its text does not even ask for its key', async () => {
    const { postService, state } = setUp()
    await postService.write({ author: alice, ...postDraft(), request })

    await assert.rejects(postService.write({ author: alice, ...postDraft(' '), request: other }), InvalidInput)

    assert.equal(state.key.size, 1)
  })
})
