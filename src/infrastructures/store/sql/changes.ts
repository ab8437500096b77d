import { Conflict } from '../../../domains/errors/change-errors.ts'
import { uuidV7 } from '../../identifiers/uuid-v7.ts'
import { type Aggregate, type Aggregates, dependentsOf } from '../aggregate.ts'
import type { RecordedChange } from '../operation.ts'
import { columnOf } from '../table.ts'
import type { Bind, Dialect, ParameterType, Sql } from './dialect.ts'
import { OUTBOX } from './outbox.ts'
import { type CommandsOf, type FailureMeanings, prepare } from './statement.ts'

type Change = Sql<RecordedChange>

/** The statements that add, save and remove an aggregate, with its events and its dependents. */
export function changesOf(dialect: Dialect, aggregate: Aggregate, all: Aggregates): CommandsOf {
  const { removed, owner, parent, hasTombstone } = aggregate

  /** The change, and its event if it has one. Of two statements the first one is the change. */
  function prepared(change: Change, meanings: Partial<FailureMeanings>): CommandsOf {
    const guarded: Change = meanings.onGuardFailed === null ? change : (bind) => dialect.guarded(change(bind))
    const statements = removed === null ? [guarded] : dialect.guardedWithEvent(change, insertEvent)
    const commands = statements.map((sql, index) => prepare(dialect, sql, index === 0 ? meanings : {}).command)
    return (recorded) => commands.map((command) => command(recorded))
  }

  const refusals = { onForeignKey: parent?.otherwise ?? Conflict, onGuardFailed: owner?.otherwise ?? Conflict }
  const add = prepared(insert(dialect, aggregate), refusals)
  const save = prepared(update(aggregate), { onGuardFailed: removed === null ? null : Conflict })
  const remove = hasTombstone ? save : prepared(deletion(aggregate), { onGuardFailed: Conflict })
  const removeDependents = removalOfDependents(dialect, aggregate, all)

  /** A tombstone is written first, so that nothing is added to it any more. A row is deleted last, after its dependents. */
  const removeAll: CommandsOf = hasTombstone
    ? (change) => [...remove(change), ...removeDependents(change)]
    : (change) => [...removeDependents(change), ...remove(change)]

  const byKind = { add, save, remove: removeAll }
  return (change) => byKind[change.kind](change)
}

/** Inserts an event. Its id grows with time, which is cheap for an index. */
const insertEvent =
  (subject: string | null): Change =>
  (bind) =>
    `insert into ${OUTBOX} values (${bind(uuidV7, 'uuid')}, ${bind(({ event }) => event?.type, 'text')},
    ${subject ?? bind(({ event }) => event?.subject, 'uuid')}, ${bind(({ event }) => event?.version, 'integer')},
    ${bind(({ event }) => event?.time, 'time')}, ${bind(({ event }) => event?.schemaVersion, 'text')},
    ${bind('traceparent', 'text')}, ${bind(({ event }) => JSON.stringify(event?.data), 'json')})`

function insert(dialect: Dialect, { table, columns, owner, sequence }: Aggregate): Change {
  return (bind) => {
    const value = fieldBinder(bind)
    const values = Object.entries(columns).map(([field, { type }]) =>
      field === owner?.field ? 'owner.id' : value(field, type),
    )
    const names = Object.keys(columns).map(columnOf)
    if (owner === null) return `insert into ${table} (${names}) select ${values}`

    const ownerId = value(owner.field, 'uuid')
    if (sequence !== null) {
      names.push(sequence)
      values.push(
        `(select coalesce(max(${sequence}), 0) + 1 from ${table} where ${columnOf(owner.field)} = ${ownerId})`,
      )
    }
    const isFit = Object.entries(owner.requires ?? {}).map(
      ([field, wanted]) => `and ${columnOf(field)} ${literal(wanted)}`,
    )
    return `insert into ${table} (${names}) select ${values}
      from (select id from ${owner.to.table} where id = ${ownerId} ${isFit.join(' ')} ${dialect.forShare}) as owner`
  }
}

function update(aggregate: Aggregate): Change {
  return (bind) => {
    const value = fieldBinder(bind)
    const changes = Object.entries(aggregate.columns).flatMap(([field, { type, isImmutable, isWrittenOnce }]) => {
      if (isImmutable) return []
      const [column, next] = [columnOf(field), value(field, type)]
      return [`${column} = ${isWrittenOnce ? `coalesce(${column}, ${next})` : next}`]
    })
    return `update ${aggregate.table} set ${changes} where ${isPrevious(aggregate, value)}`
  }
}

const deletion =
  (aggregate: Aggregate): Change =>
  (bind) =>
    `delete from ${aggregate.table} where ${isPrevious(aggregate, fieldBinder(bind))}`

type FieldBinder = (field: string, type: ParameterType) => string

/** Binds the fields of the aggregate that is changed, each once. */
function fieldBinder(bind: Bind<RecordedChange>): FieldBinder {
  const bound = new Map<string, string>()
  return (field, type) => {
    const parameter = bound.get(field) ?? bind(({ state }) => (state as Record<string, unknown>)[field], type)
    bound.set(field, parameter)
    return parameter
  }
}

/** The row that is changed; of an aggregate with versions, only while it is the one that the change follows. */
function isPrevious({ removed }: Aggregate, value: FieldBinder): string {
  const isRow = `id = ${value('id', 'uuid')}`
  return removed === null ? isRow : `${isRow} and version = ${value('version', 'integer')} - 1`
}

const literal = (wanted: unknown): string => (wanted === null ? 'is null' : `= ${JSON.stringify(wanted)}`)

/**
 * Removes all dependents of an aggregate, children first, however many, each with its event. A statement before that locks the
 * rows to which others may be adding dependents: those that were added until then are removed as well.
 */
function removalOfDependents(dialect: Dialect, root: Aggregate, all: Aggregates): CommandsOf {
  const dependents = dependentsOf(root, all)
  const parents = [root, ...dependents].filter((one) => !one.hasTombstone && dependentsOf(one, all).length > 0)

  /** The conditions for removing a row: it is the removed aggregate, or refers to it, or to one of its dependents. */
  function reasonsOf({ table, references }: Aggregate, bind: Bind<RecordedChange>): readonly string[] {
    if (table === root.table) return [`id = ${bind(rootId, 'uuid')}`]
    return references.flatMap(({ field, to }) => {
      if (to === root) return [`${columnOf(field)} = ${bind(rootId, 'uuid')}`]
      const through = reasonsOf(to, bind)
      return through.length === 0 ? [] : [dialect.within(columnOf(field), to.table, through)]
    })
  }

  const { lock } = dialect
  const locked = (one: Aggregate): readonly Change[] =>
    lock === undefined ? [] : [(bind) => lock(one.table, reasonsOf(one, bind))]
  const removed = (one: Aggregate): readonly Change[] =>
    one.removed === null
      ? [(bind) => dialect.deletion(one.table, reasonsOf(one, bind))]
      : dialect.moved(one.table, (bind) => reasonsOf(one, bind), OUTBOX, lastEvent(dialect, one))

  const statements = [...parents.flatMap(locked), ...dependents.flatMap(removed)]
  const commands = statements.map((sql) => prepare(dialect, sql).command)
  return (change) => commands.map((command) => command(change))
}

/** The event of each removed row: one version later, at the time of the removal, but never before its last change. */
function lastEvent(dialect: Dialect, { columns, removed }: Aggregate): Change {
  return (bind) => {
    const removedAt = bind(({ event }) => event?.time, 'time')
    const time = dialect.latest('updated_at', removedAt)
    const next: Readonly<Record<string, string>> = { version: 'version + 1', updatedAt: time }
    const data = (removed?.fields ?? []).map(
      (field) => [field, columns[field]?.type ?? 'text', next[field] ?? columnOf(field)] as const,
    )
    return `${dialect.newId}, '${removed?.type}', id, version + 1, ${time}, '${removed?.schemaVersion}',
      ${bind('traceparent', 'text')}, ${dialect.jsonObject(data)}`
  }
}

const rootId = ({ state }: RecordedChange): unknown => state.id
