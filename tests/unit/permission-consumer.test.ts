import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { permissionConsumer } from '../../src/controllers/events/permission-consumer.ts'
import { createPermissionSync } from '../../src/domains/services/permission-sync.ts'
import { PERMISSION_SOURCES } from '../../src/main/modules.ts'
import { alice, aPost, bob, p1, setUp } from '../fixtures.ts'
import { memoryMirror } from '../kit/memory-mirror.ts'

function setUpConsumer() {
  const { mirror, kept } = memoryMirror()
  const { store } = setUp({ posts: [aPost()] })
  const sync = createPermissionSync({ store, mirror, sources: PERMISSION_SOURCES })
  return { kept, ...permissionConsumer(sync, PERMISSION_SOURCES) }
}

describe('the consumer by which permissions follow the store', () => {
  it('reads each event by the major version of its schema', () => {
    const { majors, handlers } = setUpConsumer()

    assert.deepEqual(majors, {
      'post.written': 1,
      'post.removed': 1,
      'comment.written': 1,
      'comment.removed': 1,
      'user.removed': 2,
    })
    assert.deepEqual(Object.keys(handlers), Object.keys(majors ?? {}))
  })

  it('believes nothing but the subject, which must be an id', async () => {
    const { handlers, kept } = setUpConsumer()
    const message = { consumer: 'authorization', id: 'e1', subject: p1 as string, version: 1, digest: '' }

    await handlers['post.removed']?.(message, { id: p1, ownerId: bob.userId, version: 1 })
    assert.deepEqual(await kept(), [`system:forum system post:${p1}`, `user:${alice.userId} owner post:${p1}`])
    await assert.rejects(
      async () => handlers['post.written']?.({ ...message, subject: `${p1}#owner` }, { version: 1 }),
      /must be a UUID/,
    )
  })
})
