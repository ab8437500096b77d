import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { permissionConsumer } from '../../src/controllers/events/permission-consumer.ts'
import { createPermissionSync } from '../../src/domains/services/permission-sync.ts'
import { PERMISSION_SOURCES } from '../../src/main/modules.ts'
import { aPost, bob } from '../fixtures.ts'
import { aComment, c1, setUpComments } from '../kit/comments.ts'
import { memoryMirror } from '../kit/memory-mirror.ts'

describe('permissions on comments', () => {
  it('follow the store after each that was written or removed', async () => {
    const { mirror, kept } = memoryMirror()
    const { store, commentService } = setUpComments({ posts: [aPost()], comments: [aComment()] })
    const sync = createPermissionSync({ store, mirror, sources: PERMISSION_SOURCES })
    const { handlers, majors } = permissionConsumer(sync, PERMISSION_SOURCES)
    const message = { consumer: 'authorization', id: 'e1', subject: c1, version: 1, digest: '' }

    await handlers['comment.written']?.(message, { version: 1 })
    assert.deepEqual(await kept(), [`system:forum system comment:${c1}`, `user:${bob.userId} owner comment:${c1}`])

    await commentService.remove({ remover: bob, id: c1, expected: null })
    await handlers['comment.removed']?.(message, { version: 2 })
    assert.deepEqual(await kept(), [])
    assert.deepEqual([majors?.['comment.written'], majors?.['comment.removed']], [1, 1])
  })
})
