import { randomUUID } from 'node:crypto'
import { CommentId } from '../../src/domains/entities/comment.ts'
import { type Notification, NotificationId } from '../../src/domains/entities/notification.ts'
import { PostId } from '../../src/domains/entities/post.ts'
import { UserId } from '../../src/domains/entities/user.ts'
import { createNotificationService } from '../../src/domains/services/notification-service.ts'
import { alice, bob, noon, p1 } from '../fixtures.ts'
import { c1, setUpComments } from './comments.ts'
import type { Forum } from './http.ts'
import { uuid } from './ids.ts'
import type { Person } from './people.ts'

export const notificationId = (n: number): NotificationId => NotificationId.parse(uuid('d', n))

/** The id that the service of `setUpNotifications` gives first. */
export const newNotification = notificationId(1001)

/** Alice's notification of Bob's comment on her post, at noon. */
export const aNotification = (fields: Partial<Notification> = {}): Notification => ({
  id: notificationId(1),
  ownerId: alice.userId,
  postId: p1,
  commentId: c1,
  authorId: bob.userId,
  createdAt: noon,
  readAt: null,
  ...fields,
})

/** What `setUpComments` makes, with notifications. */
export function setUpNotifications(given: Parameters<typeof setUpComments>[0] = {}) {
  const forum = setUpComments(given)
  const { accounts, store, now } = forum
  let last = 1000
  const newId = () => notificationId(++last)
  return { ...forum, notificationService: createNotificationService({ accounts, store, now, newId }) }
}

type Services = Forum['services']

/** Gives a person notifications: of comments by somebody else on a post of theirs, as their messages create them. */
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

/** How often the service looks for new notifications from now on. */
export function countLooks({ notifications }: Pick<Services, 'notifications'>): () => number {
  const { listAfter } = notifications
  let looks = 0
  notifications.listAfter = (...of) => {
    looks++
    return listAfter(...of)
  }
  return () => looks
}
