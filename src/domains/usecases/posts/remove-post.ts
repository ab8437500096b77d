import type { Actor } from '../../entities/actor.ts'
import { Post, type PostId } from '../../entities/post.ts'
import type { Expected } from '../../entities/version.ts'
import { PostEvents } from '../../events/post-events.ts'
import type { UnitOfWork } from '../../ports/unit-of-work.ts'

export type RemovePost = Readonly<{ id: PostId; remover: Actor; expected: Expected; at: Date }>

/** The owner of a post removes it, with all that belongs to it. */
export async function removePost(
  { posts, outbox }: UnitOfWork,
  { id, remover, expected, at }: RemovePost,
): Promise<void> {
  const post = Post.remove(await posts.get(id), remover, expected, at)

  await posts.remove(post)
  await outbox.add(PostEvents.removed.of(post))
}
