import { Post, type PostId, type PostRemoval } from '../../entities/post.ts'
import { PostEvents } from '../../events/post-events.ts'
import type { UnitOfWork } from '../../ports/unit-of-work.ts'

export type RemovePost = PostRemoval & Readonly<{ id: PostId }>

/** The owner of a post removes it, with all that belongs to it. */
export async function removePost({ posts, outbox }: UnitOfWork, { id, ...removal }: RemovePost): Promise<void> {
  const post = Post.remove(await posts.get(id), removal)

  await posts.remove(post)
  await outbox.add(PostEvents.removed.of(post))
}
