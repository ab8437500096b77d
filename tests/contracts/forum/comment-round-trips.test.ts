import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createAccountGuard } from '../../../src/domains/services/account-guard.ts'
import { createCommentService } from '../../../src/domains/services/comment-service.ts'
import { createPostService } from '../../../src/domains/services/post-service.ts'
import { builtinAuthorization as authorization } from '../../../src/infrastructures/authorization/builtin/builtin-authorization.ts'
import { uuidV7 } from '../../../src/infrastructures/identifiers/uuid-v7.ts'
import { alice, postDraft } from '../../fixtures.ts'
import { skipWithout } from '../../kit/engines.ts'
import { all, useWiredForum } from './wired-postgres.ts'

const now = () => new Date()

describe('on the wire to PostgreSQL, for comments,', { skip: skipWithout('postgres') }, () => {
  const { store, roundTrips, warmRoundTrips } = useWiredForum()
  const services = () => {
    const accounts = createAccountGuard({ store: store(), now })
    const needs = { accounts, authorization, now }
    return {
      posts: createPostService({ ...needs, posts: store().posts, newId: uuidV7 }),
      comments: createCommentService({ ...needs, comments: store().comments, newId: uuidV7 }),
    }
  }
  const written = async () => (await services().posts.write({ author: alice, ...postDraft('Once.') })).result

  it('a read is one round trip, and so is writing something new', async () => {
    const { comments } = services()
    const { id } = await written()

    const list = () => comments.list({ reader: alice, listQuery: all, withTotal: false })
    assert.equal(await warmRoundTrips(list), 1)
    assert.equal(await warmRoundTrips(() => comments.write({ author: alice, postId: id, text: 'Indeed.' })), 1)
  })

  it('the removal of a post with everything that hangs on it is two', async () => {
    const { posts, comments } = services()
    const both = await Promise.all([1, 2].map(written))
    for (const { id } of both) await comments.write({ author: alice, postId: id, text: 'Oh.' })

    const counts: number[] = []
    for (const { id } of both) counts.push(await roundTrips(() => posts.remove({ remover: alice, id, expected: null })))

    assert.equal(counts.at(-1), 2)
  })
})
