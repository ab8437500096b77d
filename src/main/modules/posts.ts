import { postMethods } from '../../controllers/grpc/v1/posts.ts'
import { postRoutes } from '../../controllers/http/v1/posts.ts'
import { PostId } from '../../domains/entities/post.ts'
import { PostText } from '../../domains/entities/post-text.ts'
import { PostEvents } from '../../domains/events/post-events.ts'
import { ownedThings } from '../../domains/services/permission-sync.ts'
import { createPostService } from '../../domains/services/post-service.ts'
import { writePost } from '../../domains/usecases/posts/write-post.ts'
import type { Module } from '../module.ts'

/** The posts of users. */
export const posts = {
  tag: { name: 'posts', description: 'What users write for everyone to read.' },

  permissions: ownedThings('post', ({ posts }) => posts, [PostEvents.written, PostEvents.removed]),

  create({ accounts, authorization, store, now, newId }) {
    const service = createPostService({ accounts, authorization, posts: store.posts, now, newId })
    return { service, routes: [postRoutes(service)], grpc: postMethods(service) }
  },

  async seed({ store, at, idOf }) {
    for (const { id, author, text } of SAMPLE_POSTS) {
      const post = { id: PostId.parse(id), ownerId: idOf(author), text: PostText.parse(text), at }
      if ((await store.posts.find(post.id)) === null) await store.transact((uow) => writePost(uow, post))
    }
  },
} satisfies Module

export const WELCOME = '01938d6e-0001-7000-8000-000000000001'
export const QUESTION = '01938d6e-0001-7000-8000-000000000002'

const SAMPLE_POSTS = [
  { id: WELCOME, author: 'alice', text: 'Welcome! This forum is here to be read, run and taken apart.' },
  { id: QUESTION, author: 'bob', text: 'Which database do you run it on?' },
  {
    id: '01938d6e-0001-7000-8000-000000000003',
    author: 'carol',
    text: 'Löwen, Bären und 🐯: all of Unicode is welcome here.',
  },
] as const
