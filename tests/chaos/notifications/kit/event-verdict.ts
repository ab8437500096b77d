import type { EventRows, OutboxRecord } from './event-rows.ts'
import type { Sighting } from './publish-probe.ts'

/** What was promised of events and was not kept: nothing, if all is well. */
export type EventVerdict = Readonly<{
  missing: readonly string[]
  ghosts: readonly string[]
  overtaken: readonly string[]
  notNotified: readonly string[]
  notifiedTwice: readonly string[]
  notifiedInVain: readonly string[]
}>

export const ALL_WELL: EventVerdict = {
  missing: [],
  ghosts: [],
  overtaken: [],
  notNotified: [],
  notifiedTwice: [],
  notifiedInVain: [],
}

/** Compares what was committed with what was seen on the queue, and with what it did. */
export function judgeEvents({ outbox, notified }: EventRows, seen: readonly Sighting[]): EventVerdict {
  const [committed, arrived] = [new Set(outbox.map(({ id }) => id)), new Set(seen.map(({ id }) => id))]
  const { due, possible } = toBeNotified(outbox)
  const times = Map.groupBy(notified, (id) => id)

  return {
    missing: outbox.filter(({ id }) => !arrived.has(id)).map(({ type, subject }) => `${type} ${subject}`),
    ghosts: seen.filter(({ id }) => !committed.has(id)).map(({ type, subject }) => `${type} ${subject}`),
    overtaken: overtaken(seen),
    notNotified: [...due].filter((id) => !times.has(id)),
    notifiedTwice: [...times].filter(([, occurrences]) => occurrences.length > 1).map(([id]) => id),
    notifiedInVain: [...times.keys()].filter((id) => !possible.has(id)),
  }
}

/** Of each event its first sighting counts: from version to version without a gap. */
function overtaken(seen: readonly Sighting[]): readonly string[] {
  const firsts = new Map<string, Sighting>()
  for (const sighting of seen) if (!firsts.has(sighting.id)) firsts.set(sighting.id, sighting)
  return [...Map.groupBy(firsts.values(), ({ subject }) => subject)]
    .map(([subject, events]) => ({ subject, versions: events.map(({ version }) => version) }))
    .filter(({ versions }) => versions.some((version, index) => version !== index + 1))
    .map(({ subject, versions }) => `${subject}: ${versions}`)
}

/** The comments that must have a notification, and those that may: the post may be gone by then. */
function toBeNotified(outbox: readonly OutboxRecord[]) {
  const ofType = (type: string) => outbox.filter((event) => event.type === type)
  const owners = new Map(ofType('post.written').map(({ subject, data }) => [subject, data.ownerId]))
  const gone = new Set(ofType('post.removed').map(({ subject }) => subject))
  const byOthers = ofType('comment.written').filter(({ data }) => owners.get(data.postId ?? '') !== data.ownerId)

  return {
    due: new Set(byOthers.filter(({ data }) => !gone.has(data.postId ?? '')).map(({ subject }) => subject)),
    possible: new Set(byOthers.map(({ subject }) => subject)),
  }
}
