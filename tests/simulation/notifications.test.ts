import { describe, it } from 'node:test'
import { consumeEvents } from '../../src/controllers/events/consume-events.ts'
import { notificationConsumer } from '../../src/controllers/events/notification-consumer.ts'
import type { Comment } from '../../src/domains/entities/comment.ts'
import type { UserId } from '../../src/domains/entities/user.ts'
import type { MessageQueue } from '../../src/domains/ports/message-queue.ts'
import { toCloudEvent } from '../../src/infrastructures/message-queue/cloud-events.ts'
import type { StoreDriver } from '../../src/infrastructures/store/driver.ts'
import { aPost, bob, p1, p2, p3 } from '../fixtures.ts'
import { type Faults, keepRunning, NO_FAULTS } from '../kit/simulated-process.ts'
import { inEveryWorld, inSomeWorld, type Scenario } from '../kit/simulated-seeds.ts'
import type { World } from '../kit/simulated-world.ts'
import { letComment } from './simulated-comments.ts'
import { openForum, type SimulatedForum } from './simulated-forum.ts'
import { openQueue } from './simulated-notification-queue.ts'
import { notificationsIn } from './simulated-notifications.ts'
import { openRelays } from './simulated-relays.ts'

const HEAVY_FAULTS: Faults = { crash: 0.01, pause: 0.02, maxBackoffMs: 600, failure: 0.06 }
const POSTS = [aPost({ id: p1 }), aPost({ id: p2, ownerId: bob.userId }), aPost({ id: p3 })]

type Broken = Readonly<{
  queue?: (queue: MessageQueue) => MessageQueue
  driver?: (driver: StoreDriver) => StoreDriver
}>

/** People who comment, two relays, a queue, and two processes that notify. */
const commenting =
  ({ queue: breaking = (queue) => queue, driver }: Broken = {}, leaving = 0): Scenario =>
  async (world) => {
    const faultProfile = { faults: HEAVY_FAULTS }
    const faults = () => faultProfile.faults
    const forum = openForum(world)
    for (const post of POSTS) forum.state.post.set(post.id, post)

    const queue = openQueue(world, faults)
    const publish = async (events: Parameters<typeof toCloudEvent>[0][]) =>
      queue.publish(events.map((event) => toCloudEvent(event)))
    const relays = openRelays({ world, forum, faults, publish: (events) => publish([...events]) }, 2)
    for (const place of ['A', 'B']) {
      keepRunning(`notifier ${place}`, world, faults, async (process) =>
        consumeEvents({
          queue: breaking(queue.at(place)),
          inbox: forum.storeOf(process, driver).inbox,
          consumers: [notificationConsumer(notificationsIn(process, forum, driver))],
          onError: () => {},
        }),
      )
    }

    await letComment({ world, forum, faults, posts: POSTS, leaving })
    faultProfile.faults = NO_FAULTS
    await relays.finish()
    await queue.finish()

    for (const { event } of forum.state.published.values()) {
      if (event.type === 'comment.written') assertNotifiedOnce(world, forum, JSON.parse(event.data))
    }
    const left = [...forum.state.notification.values()].filter(({ ownerId }) => ownerId === bob.userId).length
    world.must(left === 0 || isHere(forum, bob.userId), () => `Kept for somebody who left: ${left}.`)
  }

/** A post that was removed needs no notification. */
function assertNotifiedOnce({ must }: World, { state }: SimulatedForum, { id, postId, ownerId }: Comment): void {
  const notified = [...state.notification.values()].filter(({ commentId }) => commentId === id)
  const post = POSTS.find((one) => one.id === postId)
  const most = post?.ownerId === ownerId ? 0 : 1
  const least = state.post.has(postId) ? most : 0

  must(notified.length <= most, () => `Notified ${notified.length} times of comment ${id.slice(-5)}.`)
  must(notified.length >= least, () => `Never notified of comment ${id.slice(-5)}.`)
  must(
    notified.every((one) => one.ownerId === post?.ownerId),
    () => `Somebody else was notified of comment ${id.slice(-5)}.`,
  )
}

const isHere = ({ state }: SimulatedForum, id: UserId): boolean => state.user.get(id)?.removedAt === null

describe('from a comment to its notification', () => {
  it('each comment by someone else is notified once, through crashes of writers, relays and consumers', (t) =>
    inEveryWorld(t, 500, commenting()))

  it('nothing is left of somebody who left in the meantime', (t) => inEveryWorld(t, 300, commenting({}, 0.1)))
})

describe('the simulation of notifications notices', () => {
  it('a consumer that acknowledges first', (t) =>
    inSomeWorld(t, /Never notified/, commenting({ queue: acknowledgesFirst })))

  it('a consumer without an inbox', (t) => inSomeWorld(t, /Notified 2 times/, commenting({ driver: forgetsMessages })))
})

const acknowledgesFirst = (queue: MessageQueue): MessageQueue => ({
  ...queue,
  consume: (consumer, handle) =>
    queue.consume(consumer, async (delivery) => {
      handle(delivery).catch(() => {})
    }),
})

const forgetsMessages = (driver: StoreDriver): StoreDriver => ({
  ...driver,
  commit: (changes) => driver.commit(changes.filter(({ kind }) => kind !== 'mark-processed')),
})
