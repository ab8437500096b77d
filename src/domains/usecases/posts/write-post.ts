import { Post, type PostId } from '../../entities/post.ts'
import type { PostText } from '../../entities/post-text.ts'
import type { UserId } from '../../entities/user.ts'
import { PostEvents } from '../../events/post-events.ts'
import type { UnitOfWork } from '../../ports/unit-of-work.ts'

export type WritePost = Readonly<{ id: PostId; ownerId: UserId; text: PostText; at: Date }>

/** A user writes a post. */
export async function writePost({ posts, outbox }: UnitOfWork, { id, ownerId, text, at }: WritePost): Promise<Post> {
  const post = Post.write(id, ownerId, text, at)

  await posts.add(post)
  await outbox.add(PostEvents.written.of(post))

  return post
}
