import type { Notification } from '../../../domains/entities/notification.ts'
import { Conflict } from '../../../domains/errors/change-errors.ts'
import { AlreadyHandled, KeyInUse } from '../../../domains/errors/repetition-errors.ts'
import type { Reservation } from '../../../domains/ports/idempotency-keys.ts'
import type { IncomingMessage } from '../../../domains/ports/inbox.ts'
import type { SilentChange } from '../change.ts'
import type { MemoryDraft } from './memory-draft.ts'
import { pairOf } from './memory-state.ts'

/** Applies one change that is announced to nobody, or throws. */
export function applySilentChange(draft: MemoryDraft, change: SilentChange): void {
  switch (change.verb) {
    case 'give-notification':
      give(draft, change.notification)
      break
    case 'mark-notification':
      mark(draft, change.notification)
      break
    case 'remove-notifications-of':
      draft.putInto(draft.state.notification, change.of, null)
      break
    case 'take-message':
      takeMessage(draft, change.message)
      break
    case 'keep-answer':
      keepAnswer(draft, change.reservation, change.answer)
  }
}

function give(draft: MemoryDraft, notification: Notification): void {
  const given = givenTo(draft, notification)
  const isKnown = given.some(({ id }) => id === notification.id)
  const owner = draft.find('user', notification.ownerId)
  if (isKnown || owner === null || owner.removedAt !== null) throw new Conflict()
  draft.putInto(draft.state.notification, notification.ownerId, [...given, notification])
}

function mark(draft: MemoryDraft, { id, ownerId, readAt }: Notification): void {
  const marked = givenTo(draft, { ownerId }).map((kept) =>
    kept.id === id ? { ...kept, readAt: kept.readAt ?? readAt } : kept,
  )
  draft.putInto(draft.state.notification, ownerId, marked)
}

const givenTo = ({ state }: MemoryDraft, { ownerId }: Pick<Notification, 'ownerId'>): readonly Notification[] =>
  state.notification.get(ownerId) ?? []

function takeMessage(draft: MemoryDraft, message: IncomingMessage): void {
  const { handled, latest } = draft.state
  const { consumer, id, subject, version } = message
  const isOvertaken = (latest.get(pairOf(consumer, subject)) ?? 0) > version
  if (isOvertaken || handled.has(pairOf(consumer, id))) throw new AlreadyHandled()

  draft.putInto(handled, pairOf(consumer, id), { message, handledAt: draft.now() })
  draft.putInto(latest, pairOf(consumer, subject), version)
}

function keepAnswer(draft: MemoryDraft, { userId, key, token }: Reservation, answer: string): void {
  const known = draft.state.key.get(pairOf(userId, key))
  if (known?.token !== token || known.answer !== null) throw new KeyInUse()
  draft.putInto(draft.state.key, pairOf(userId, key), { ...known, answer })
}
