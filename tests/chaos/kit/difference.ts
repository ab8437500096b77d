import type { Rows } from './rows.ts'

export type Difference = Readonly<{ changes: readonly string[]; events: readonly string[] }>

/** What happened to some aggregates between two sights of the database, and their events: id and new version. */
export function difference(before: Rows, after: Rows, ids: ReadonlySet<string>): Difference {
  const versions = ({ kept }: Rows) =>
    new Map(kept.filter(({ id }) => ids.has(id)).map(({ id, version }) => [id, version]))
  const events = ({ outbox }: Rows) =>
    outbox.filter(({ subject }) => ids.has(subject)).map(({ subject, version }) => `${subject} ${version}`)
  const [old, now, known] = [versions(before), versions(after), new Set(events(before))]

  const changed = [...now].filter(([id, version]) => old.get(id) !== version)
  const removed = [...old].filter(([id]) => !now.has(id)).map(([id, version]) => [id, version + 1] as const)
  return {
    changes: [...changed, ...removed].map(([id, version]) => `${id} ${version}`).sort(),
    events: events(after)
      .filter((event) => !known.has(event))
      .sort(),
  }
}
