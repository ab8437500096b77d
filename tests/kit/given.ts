import { randomUUID } from 'node:crypto'
import { CommentId } from '../../src/domains/entities/comment.ts'
import { PostId } from '../../src/domains/entities/post.ts'
import { UserId } from '../../src/domains/entities/user.ts'
import type { Forum } from './http.ts'
import type { Person } from './people.ts'

type Services = Forum['services']

/** Gives a user notifications: of comments by another user on their post, by handling the messages. */
export async function givingTo({ call }: Pick<Forum, 'call'>, owner: Person, author: Person) {
  await call(author, 'GET', '/v1/users/me')
  const { body } = await call(owner, 'POST', '/v1/posts', { body: { text: 'Tell me.' } })

  /** The comment that the notification is of. */
  return async ({ notifications }: Pick<Services, 'notifications'>): Promise<string> => {
    const id = randomUUID()
    const message = { consumer: 'notifications', id, subject: id, version: 1, digest: id }
    const comment = { id: CommentId.parse(id), postId: PostId.parse(body.id), ownerId: UserId.parse(author.id) }
    await notifications.commentWritten({ message, comment })
    return id
  }
}
