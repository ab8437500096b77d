import { commentMethods } from '../../controllers/grpc/v1/comments.ts'
import { commentRoutes } from '../../controllers/http/v1/comments.ts'
import { CommentId } from '../../domains/entities/comment.ts'
import { CommentText } from '../../domains/entities/comment-text.ts'
import { PostId } from '../../domains/entities/post.ts'
import { CommentEvents } from '../../domains/events/comment-events.ts'
import { createCommentService } from '../../domains/services/comment-service.ts'
import { ownedThings } from '../../domains/services/permission-sync.ts'
import { writeComment } from '../../domains/usecases/comments/write-comment.ts'
import type { Module } from '../module.ts'
import { QUESTION, WELCOME } from './posts.ts'

/** The comments of users on posts. */
export const comments = {
  tag: { name: 'comments', description: 'Comments on posts. Removing a post removes its comments.' },

  permissions: ownedThings('comment', ({ comments }) => comments, [CommentEvents.written, CommentEvents.removed]),

  create({ accounts, authorization, store, now, newId }) {
    const service = createCommentService({ accounts, authorization, comments: store.comments, now, newId })
    return { service, routes: [commentRoutes(service)], grpc: commentMethods(service) }
  },

  async seed({ store, at, idOf }) {
    for (const { author, ...sample } of SAMPLE_COMMENTS) {
      const [id, postId] = [CommentId.parse(sample.id), PostId.parse(sample.postId)]
      const comment = { id, postId, ownerId: idOf(author), text: CommentText.parse(sample.text), at }
      if ((await store.comments.find(id)) === null) await store.transact((uow) => writeComment(uow, comment))
    }
  },
} satisfies Module

const SAMPLE_COMMENTS = [
  { id: '01938d6e-0002-7000-8000-000000000001', postId: WELCOME, author: 'bob', text: 'Where do I start?' },
  { id: '01938d6e-0002-7000-8000-000000000002', postId: WELCOME, author: 'alice', text: 'At src/main.ts, then down.' },
  {
    id: '01938d6e-0002-7000-8000-000000000003',
    postId: QUESTION,
    author: 'carol',
    text: 'One setting: I forgot which.',
  },
] as const
