import type { Actor } from '../../entities/actor.ts'
import { announce } from '../../entities/event.ts'
import { Post, type PostId } from '../../entities/post.ts'
import type { Expected } from '../../entities/version.ts'
import type { UnitOfWork } from '../../ports/unit-of-work.ts'

export type RemovePost = Readonly<{ id: PostId; remover: Actor; expected: Expected; at: Date }>

/** The owner of a post removes it, with all comments on it, whoever wrote them. */
export async function removePost(
  { posts, comments, outbox }: UnitOfWork,
  { id, remover, expected, at }: RemovePost,
): Promise<void> {
  const post = Post.remove(await posts.get(id), remover, expected, at)

  await comments.removeOn(id, at)
  await posts.remove(post)
  await outbox.add(announce('post.removed', post))
}
