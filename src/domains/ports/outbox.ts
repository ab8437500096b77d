import type { DomainEvent } from '../events/domain-event.ts'

/** Where announcements wait to be published: kept with the changes that they announce, or not at all. */
export interface Outbox {
  /** Announces a change of this unit of work. Each change has exactly one announcement, or the unit is refused. */
  add(event: DomainEvent): Promise<void>
}
