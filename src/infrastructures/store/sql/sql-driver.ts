import type { ListQuery } from '../../../domains/ports/list-query.ts'
import type { Reader } from '../../../domains/ports/repository.ts'
import { createDataLoader } from '../../../patterns/data-loader.ts'
import type { Aggregate, Aggregates, Entity } from '../aggregate.ts'
import type { Filter, StoreDriver } from '../driver.ts'
import type { Operation } from '../operation.ts'
import { required } from '../required.ts'
import { changesOf } from './changes.ts'
import type { SqlDatabase } from './database.ts'
import type { Dialect } from './dialect.ts'
import { sqlIdempotencyKeys } from './idempotency-keys.ts'
import { sqlInbox } from './inbox.ts'
import { countStatement, listStatement } from './list-statement.ts'
import { sqlOutbox } from './outbox.ts'
import { sqlPrune } from './prune.ts'
import { type Command, type CommandsOf, prepare, rowReader, selection } from './statement.ts'

type Statements = Readonly<{ reader: Reader<Entity, Filter>; commandsOf: CommandsOf }>

/** Stores aggregates in an SQL database. It makes all statements but those of lists here, once. */
export function sqlDriver(dialect: Dialect, database: SqlDatabase, aggregates: Aggregates): StoreDriver {
  const statements = new Map<Aggregate, Statements>(
    Object.values(aggregates).map((aggregate) => [
      aggregate,
      { reader: reader(dialect, database, aggregate), commandsOf: changesOf(dialect, aggregate, aggregates) },
    ]),
  )
  const inbox = sqlInbox(dialect, database)
  const { keys, saveResult } = sqlIdempotencyKeys(dialect, database.blocking)
  const { poolUsage, ping, close } = database
  const statementsOf = (aggregate: Aggregate) => statements.get(aggregate) as Statements

  function commandsOf(operation: Operation): readonly Command[] {
    if (operation.kind === 'mark-processed') return [inbox.markProcessed(operation.message)]
    if (operation.kind === 'save-result') return [saveResult(operation.reservation, operation.result)]
    return statementsOf(operation.of).commandsOf(operation)
  }

  return {
    reader: <State extends Entity>(of: Aggregate<State>) => statementsOf(of).reader as Reader<State, Filter>,
    view: (view) => view.sql(dialect, database),
    inbox: inbox.reader,
    keys,
    outbox: sqlOutbox(dialect, database.background),
    commit: (operations) => database.commit(operations.flatMap(commandsOf)),
    prune: sqlPrune(dialect, database.background),
    ...(poolUsage && { poolUsage }),
    ping,
    close,
  }
}

function reader(dialect: Dialect, { query }: SqlDatabase, aggregate: Aggregate): Reader<Entity, Filter> {
  const stateOf = rowReader<Entity>(aggregate.columns, dialect)
  const { anyOf, batchesReads } = dialect
  const from = `select ${selection(aggregate)} from ${aggregate.table} where`
  const one = prepare<{ id: string }>(dialect, (bind) => `${from} id = ${bind('id', 'uuid')}`)
  const many = prepare<{ ids: readonly string[] }>(dialect, (bind) => `${from} ${anyOf('id', bind('ids', 'list'))}`)

  async function findOne(id: string): Promise<Entity | null> {
    const [row] = await query(...one.with({ id }))
    return row === undefined ? null : stateOf(row)
  }

  async function findMany(ids: readonly string[]): Promise<ReadonlyMap<string, Entity>> {
    const rows = await query(...many.with({ ids }))
    return new Map(rows.map(stateOf).map((state) => [state.id, state]))
  }

  /** If that saves round trips, one statement finds all that one turn of the event loop asks for. */
  const find = batchesReads ? createDataLoader(findMany, setImmediate) : findOne

  return {
    find,

    get: required(find, aggregate.notFound),

    async list(listQuery: ListQuery<Filter>) {
      return (await query(...listStatement(dialect, aggregate, listQuery))).map(stateOf)
    },

    async count(filter) {
      const [row] = await query(...countStatement(dialect, aggregate, filter))
      return Number((row as { total: string | number }).total)
    },
  }
}
