import { type Post, PostId } from '../../../domains/entities/post.ts'
import type { PostService } from '../../../domains/services/post-service.ts'
import { parseListQuery } from '../../api/list-query.ts'
import type { Post__Output } from '../generated/forum/v1/Post.ts'
import type { PostServiceDefinition } from '../generated/forum/v1/PostService.ts'
import { grpcService } from '../service.ts'
import { expectedOf, parseFields, timestampOf } from './fields.ts'
import { listFields, nextPageTokenOf, totalSizeOf } from './list-query.ts'
import { parseIdempotencyKey, setReplayedHeader } from './request-id.ts'

/** The operations on posts. */
export const postMethods = (posts: PostService) =>
  grpcService<PostServiceDefinition>('forum.v1.PostService', {
    async CreatePost({ text, requestId }, call) {
      const request = parseIdempotencyKey(requestId, { name: 'writePost', input: { text } })
      const { result: post, isReplay } = await posts.write({ author: call.actor, text, request })
      setReplayedHeader(call, isReplay)
      return postMessage(post)
    },

    async GetPost(request, { actor }) {
      const { id } = parseFields({ id: () => PostId.parse(request.id) })
      return postMessage(await posts.read({ reader: actor, id }))
    },

    async ListPosts(request, { actor }) {
      const { pageSize: limit, pageToken: cursor, orderBy: sort, ...filters } = parseFields(listFields(request))
      const { name, listQuery } = parseListQuery('posts', { limit, cursor, sort, ...filters })
      const page = await posts.list({ reader: actor, listQuery, withTotal: request.count })
      return { posts: page.items.map(postMessage), nextPageToken: nextPageTokenOf(name, page), ...totalSizeOf(page) }
    },

    async UpdatePost({ text, expectedVersion, ...request }, { actor }) {
      const { id } = parseFields({ id: () => PostId.parse(request.id) })
      const expected = expectedOf(expectedVersion)
      return postMessage(await posts.rewrite({ editor: actor, id, text, expected }))
    },

    async DeletePost(request, { actor }) {
      const { id } = parseFields({ id: () => PostId.parse(request.id) })
      await posts.remove({ remover: actor, id, expected: expectedOf(request.expectedVersion) })
      return {}
    },
  })

/** A post as the outside sees it: field by field, so that nothing gets out by accident. */
export const postMessage = ({ id, ownerId, text, version, createdAt, updatedAt }: Post): Post__Output => ({
  id,
  ownerId,
  text,
  version,
  createdAt: timestampOf(createdAt),
  updatedAt: timestampOf(updatedAt),
})
