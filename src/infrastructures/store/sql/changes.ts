import { uuidV7 } from '../../identifiers/uuid-v7.ts'
import type { Aggregate, Aggregates } from '../aggregate.ts'
import type { RecordedChange } from '../operation.ts'
import { columnOf } from '../table.ts'
import type { Bind, Dialect, Sql } from './dialect.ts'
import { OUTBOX } from './outbox.ts'
import { removalOfDependents } from './removals.ts'
import { type CommandsOf, conflict, type FailureHandlers, prepare } from './statement.ts'

type Change = Sql<RecordedChange>

/** The statements that add, save and remove an aggregate, with its events and its dependents. */
export function changesOf(dialect: Dialect, aggregate: Aggregate, all: Aggregates): CommandsOf {
  const { removed, owner, parent, hasTombstone } = aggregate
  const handlers = { onForeignKey: parent?.otherwise ?? conflict, onGuardFailed: owner?.otherwise ?? conflict }

  const add = commandsFor(dialect, aggregate, insert(dialect, aggregate), handlers)
  const save = commandsFor(dialect, aggregate, update(aggregate), { onGuardFailed: removed === null ? null : conflict })
  const remove = hasTombstone ? save : commandsFor(dialect, aggregate, deletion(aggregate), { onGuardFailed: conflict })
  const removeDependents = removalOfDependents(dialect, aggregate, all)

  /** A tombstone is written first, so that nothing is added to it any more. A row is deleted last, after its dependents. */
  const removeAll: CommandsOf = hasTombstone
    ? (change) => [...remove(change), ...removeDependents(change)]
    : (change) => [...removeDependents(change), ...remove(change)]

  const byKind = { add, save, remove: removeAll }
  return (change) => byKind[change.kind](change)
}

/** The change, and its event if it has one. Of two statements the first one is the change. */
function commandsFor(
  dialect: Dialect,
  { removed }: Aggregate,
  change: Change,
  handlers: Partial<FailureHandlers>,
): CommandsOf {
  const guarded: Change = handlers.onGuardFailed === null ? change : (bind) => dialect.guarded(change(bind))
  const statements = removed === null ? [guarded] : dialect.guardedWithEvent(change, insertEvent)
  const prepared = statements.map((sql, index) =>
    prepare(dialect, sql, index === 0 ? handlers : { ...handlers, onGuardFailed: null }),
  )
  return (recorded) => prepared.map(({ command }) => command(recorded))
}

/** Ids of events grow with time, which is cheap for an index. */
const newId = (): string => uuidV7()

const insertEvent =
  (subject: string | null): Change =>
  (bind) =>
    `insert into ${OUTBOX} values (${bind(newId, 'uuid')}, ${bind(({ event }) => event?.type, 'text')},
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

function update({ table, columns, removed }: Aggregate): Change {
  return (bind) => {
    const value = fieldBinder(bind)
    const changes = Object.entries(columns).flatMap(([field, { type, isImmutable, isWrittenOnce }]) => {
      if (isImmutable) return []
      const [column, next] = [columnOf(field), value(field, type)]
      return [`${column} = ${isWrittenOnce ? `coalesce(${column}, ${next})` : next}`]
    })
    return `update ${table} set ${changes} where ${removed === null ? isRow(value) : isPrevious(value)}`
  }
}

function deletion({ table, removed }: Aggregate): Change {
  return (bind) => {
    const value = fieldBinder(bind)
    return `delete from ${table} where ${removed === null ? isRow(value) : isPrevious(value)}`
  }
}

type FieldBinder = ReturnType<typeof fieldBinder>

/** Binds the fields of the aggregate that is changed, each once. */
function fieldBinder(bind: Bind<RecordedChange>) {
  const bound = new Map<string, string>()
  return (field: string, type: Parameters<typeof bind>[1]): string => {
    const parameter = bound.get(field) ?? bind(({ state }) => (state as Record<string, unknown>)[field], type)
    bound.set(field, parameter)
    return parameter
  }
}

const isRow = (value: FieldBinder): string => `id = ${value('id', 'uuid')}`
const isPrevious = (value: FieldBinder): string => `${isRow(value)} and version = ${value('version', 'integer')} - 1`

const literal = (wanted: unknown): string => (wanted === null ? 'is null' : `= ${JSON.stringify(wanted)}`)
