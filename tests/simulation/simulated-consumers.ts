import type { Comment } from '../../src/domains/entities/comment.ts'
import type { NotificationId } from '../../src/domains/entities/notification.ts'
import { DomainError } from '../../src/domains/errors/domain-error.ts'
import type { IncomingMessage } from '../../src/domains/ports/inbox.ts'
import { createAccountGuard } from '../../src/domains/services/account-guard.ts'
import { createNotificationService } from '../../src/domains/services/notification-service.ts'
import type { StoreDriver } from '../../src/infrastructures/store/driver.ts'
import { notificationId } from '../kit/notifications.ts'
import { type Faults, keepRunning, type SimulatedProcess } from '../kit/simulated-process.ts'
import type { World } from '../kit/simulated-world.ts'
import type { SimulatedForum } from './simulated-forum.ts'

const TIMEOUT_MS = 200

export type Incoming = Readonly<{
  message: Omit<IncomingMessage, 'consumer'>
  comment: Pick<Comment, 'id' | 'postId' | 'ownerId'>
}>

type Needs = Readonly<{
  world: World
  forum: SimulatedForum
  faults: () => Faults
  breaking: Breaking
}>

type Breaking = (driver: StoreDriver) => StoreDriver

/** The service as a process has it. */
export function notificationsIn(
  process: SimulatedProcess,
  forum: SimulatedForum,
  breaking?: Breaking,
  onNew: (id: NotificationId) => void = () => {},
) {
  const store = forum.storeOf(process, breaking)
  const now = forum.today

  function newId(): NotificationId {
    const id = notificationId(forum.newNumber())
    onNew(id)
    return id
  }

  return createNotificationService({ accounts: createAccountGuard({ store, now }), store, now, newId })
}

/** Two processes that notify under one name. `given` are the ids of the notifications that they made, kept or not. */
export function openConsumer({ world, forum, faults, breaking }: Needs, name: string) {
  const { dice, sleep, must, note } = world
  const given = new Set<NotificationId>()

  const instances = ['A', 'B'].map((letter) =>
    keepRunning(`${name} ${letter}`, world, faults, (process) =>
      notificationsIn(process, forum, breaking, (id) => given.add(id)),
    ),
  )

  /** What the service said, or null where nobody heard of it. */
  async function attempt({ message, comment }: Incoming): Promise<boolean | null> {
    const { work } = dice.pick(instances)()
    const told = work.commentWritten({ message: { ...message, consumer: name }, comment }).catch((error) => {
      must(error instanceof DomainError, () => String(error))
      return null
    })
    return Promise.race([told, sleep(TIMEOUT_MS).then(() => null)])
  }

  return {
    name,
    given: given as ReadonlySet<NotificationId>,

    /** Delivers a message to either of them until one has acknowledged it, and the queue has heard of that. */
    async deliver(incoming: Incoming, onAcknowledged: (isNew: boolean) => void = () => {}): Promise<void> {
      for (;;) {
        const isNew = await attempt(incoming)
        if (isNew !== null) {
          note(() => `${name} acknowledges ${incoming.message.id} as ${isNew ? 'new' : 'handled before'}`)
          onAcknowledged(isNew)
          if (!dice.chance(faults().failure)) return
        }
        await sleep(dice.below(50))
      }
    },
  }
}
