import { type Aggregate, type Aggregates, dependentsOf } from '../aggregate.ts'
import type { RecordedChange } from '../operation.ts'
import { columnOf } from '../table.ts'
import type { Bind, Dialect, ReasonsOf, Sql } from './dialect.ts'
import { OUTBOX } from './outbox.ts'
import { type CommandsOf, prepare } from './statement.ts'

type Removal = Sql<RecordedChange>

/**
 * Removes all dependents of an aggregate, children first, however many, each with its event. A statement before that locks the
 * rows to which others may be adding dependents: those that were added until then are removed as well.
 */
export function removalOfDependents(dialect: Dialect, root: Aggregate, all: Aggregates): CommandsOf {
  const dependents = dependentsOf(root, all)
  const parents = [root, ...dependents].filter((one) => !one.hasTombstone && dependentsOf(one, all).length > 0)
  const removals = [
    ...parents.flatMap((parent) => lock(dialect, parent, root)),
    ...dependents.flatMap((dependent) => removal(dialect, dependent, root)),
  ].map((sql) => prepare(dialect, sql))

  return (change) => removals.map(({ command }) => command(change))
}

function lock(dialect: Dialect, aggregate: Aggregate, root: Aggregate): readonly Removal[] {
  if (dialect.lock(aggregate.table, []) === null) return []
  return [(bind) => dialect.lock(aggregate.table, reasonsOf(dialect, aggregate, root, bind)) ?? '']
}

function removal(dialect: Dialect, aggregate: Aggregate, root: Aggregate): readonly Removal[] {
  const { table, removed } = aggregate
  const reasons: ReasonsOf<RecordedChange> = (bind) => reasonsOf(dialect, aggregate, root, bind)
  return removed === null
    ? [(bind) => dialect.deletion(table, reasons(bind))]
    : dialect.moved(table, reasons, OUTBOX, lastEvent(dialect, aggregate))
}

/** The conditions for removing a row: it is the removed aggregate, or refers to it, or to one of its dependents. */
function reasonsOf(
  dialect: Dialect,
  { references, ...rest }: Aggregate,
  root: Aggregate,
  bind: Bind<RecordedChange>,
): readonly string[] {
  if (rest.table === root.table) return [`id = ${bind(rootId, 'uuid')}`]
  return references.flatMap(({ field, to }) => {
    if (to === root) return [`${columnOf(field)} = ${bind(rootId, 'uuid')}`]
    const through = reasonsOf(dialect, to, root, bind)
    return through.length === 0 ? [] : [dialect.within(columnOf(field), to.table, through)]
  })
}

/** The event of each removed row: one version later, at the time of the removal, but never before its last change. */
function lastEvent(dialect: Dialect, { columns, removed }: Aggregate): Removal {
  return (bind) => {
    const time = dialect.latest('updated_at', bind(removedAt, 'time'))
    const next: Readonly<Record<string, string>> = { version: 'version + 1', updatedAt: time }
    const data = (removed?.fields ?? []).map(
      (field) => [field, columns[field]?.type ?? 'text', next[field] ?? columnOf(field)] as const,
    )
    return `${dialect.newId}, '${removed?.type}', id, version + 1, ${time}, '${removed?.schemaVersion}',
      ${bind('traceparent', 'text')}, ${dialect.jsonObject(data)}`
  }
}

const rootId = ({ state }: RecordedChange): unknown => state.id
const removedAt = ({ event }: RecordedChange): unknown => event?.time
