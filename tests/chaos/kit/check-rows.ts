import type { EventEnvelope, Row, Rows } from './rows.ts'

/**
 * Whether rows and events agree: each aggregate has one event per version, from 1 on without
 * a gap, the last one with the stored row; a missing row has one event of its removal, as the last one.
 */
export function inconsistencies({ kept, outbox }: Rows): readonly string[] {
  const rows = new Map(kept.map((row) => [row.id, row]))
  const published = Map.groupBy(outbox, ({ subject }) => subject)

  return [
    ...kept.filter(({ id }) => !published.has(id)).map(({ noun, id }) => `${noun} ${id} was never published`),
    ...kept.filter((row) => isOrphan(row, rows)).map(({ noun, id }) => `${noun} ${id} is an orphan`),
    ...[...published].flatMap(([subject, events]) => storyOf(subject, events, rows.get(subject))),
  ]
}

const isOrphan = ({ ownerId, postId }: Row, rows: ReadonlyMap<string, Row>): boolean =>
  [ownerId, postId].some((parent) => parent !== null && !rows.has(parent))

function storyOf(subject: string, events: readonly EventEnvelope[], row: Row | undefined): readonly string[] {
  const story = events.toSorted((one, other) => one.version - other.version)
  const name = `${story[0]?.type.split('.')[0]} ${subject}`
  const versions = story.map(({ version }) => version)
  const history = story.map(({ type, version }) => `${type} ${version}`).join(', ')
  const last = story.at(-1) as EventEnvelope

  if (versions.some((version, index) => version !== index + 1)) return [`${name} was published as ${history}`]
  if (!isFirst(story[0]) || story.slice(1).some(isFirst)) return [`${name} does not begin once: ${history}`]
  if (story.slice(0, -1).some(isLast)) return [`${name} goes on after its end: ${history}`]
  if (isLast(last) !== (row === undefined))
    return [`${name} is ${row ? 'kept' : 'gone'}, but was published as ${history}`]
  if (row === undefined) return []
  if (row.version !== last.version) return [`${name} is kept as ${row.version}, but was published as ${history}`]
  return (last.data.text ?? null) === row.text ? [] : [`${name} is kept with another text than it was published with`]
}

const isFirst = (event: EventEnvelope | undefined): boolean => /\.(written|registered)$/.test(event?.type ?? '')
const isLast = ({ type }: EventEnvelope): boolean => type.endsWith('.removed')
