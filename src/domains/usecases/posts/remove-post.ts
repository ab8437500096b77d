import { Actor } from '../../entities/actor.ts'
import { Post, type PostId, type PostRemoval } from '../../entities/post.ts'
import { PostEvents } from '../../events/post-events.ts'
import type { Permit } from '../../ports/authorization.ts'
import type { UnitOfWork } from '../../ports/unit-of-work.ts'

export type RemovePost = PostRemoval & Readonly<{ id: PostId; remover: Actor }>

/** The owner of a post, or another user with a permit, removes it, with all that belongs to it. */
export async function removePost(
  { posts, outbox }: UnitOfWork,
  { id, remover, ...removal }: RemovePost,
  permit: Permit = Actor.assertOwner,
): Promise<void> {
  const found = await posts.get(id)
  const pending = permit(remover, found)
  if (pending) await pending
  const post = Post.remove(found, removal)

  await posts.remove(post)
  await outbox.add(PostEvents.removed.of(post))
}
