import type { ListQuery } from '../../../domains/ports/list-query.ts'
import type { Reader } from '../../../domains/ports/repository.ts'
import { createDataLoader } from '../../../patterns/data-loader.ts'
import type { Aggregate, Aggregates, Entity } from '../aggregate.ts'
import type { Filter, StoreDriver } from '../driver.ts'
import type { Operation } from '../operation.ts'
import { required } from '../required.ts'
import { changesOf } from './changes.ts'
import { rowReader, selection } from './columns.ts'
import type { SqlDatabase } from './database.ts'
import type { Dialect } from './dialect.ts'
import { sqlIdempotencyKeys } from './idempotency-keys.ts'
import { sqlInbox } from './inbox.ts'
import { countStatement, listStatement } from './list-statement.ts'
import { sqlOutbox } from './outbox.ts'
import { sqlPrune } from './prune.ts'
import { type Command, type CommandsOf, prepare } from './statement.ts'

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

  function commandsOf(operation: Operation): readonly Command[] {
    if (operation.kind === 'mark-processed') return [inbox.markProcessed(operation.message)]
    if (operation.kind === 'save-result') return [saveResult(operation.reservation, operation.result)]
    return statementsOf(operation.of).commandsOf(operation)
  }

  function statementsOf(aggregate: Aggregate): Statements {
    const found = statements.get(aggregate)
    if (found === undefined) throw new Error(`This store keeps no ${aggregate.type}.`)
    return found
  }

  return {
    reader: <State extends Entity>(aggregate: Aggregate<State>) =>
      statementsOf(aggregate).reader as Reader<State, Filter>,
    view: (view) => view.sql(dialect, database),
    inbox: inbox.reader,
    keys,
    outbox: sqlOutbox(dialect, database.background),
    commit: (operations) => database.commit(operations.flatMap(commandsOf)),
    prune: sqlPrune(dialect, database.background),
    ...(database.poolUsage && { poolUsage: database.poolUsage }),
    ping: () => database.ping(),
    close: () => database.close(),
  }
}

function reader<State extends Entity>(
  dialect: Dialect,
  { query }: SqlDatabase,
  aggregate: Aggregate<State>,
): Reader<State, Filter> {
  const { notFound: Missing } = aggregate
  const stateOf = rowReader<State>(aggregate, dialect)
  const find = finder(dialect, query, aggregate, stateOf)

  return {
    find,

    get: required(find, Missing),

    async list(listQuery: ListQuery<Filter>) {
      return (await query(...listStatement(dialect, aggregate, listQuery))).map(stateOf)
    },

    async count(filter) {
      const [row] = await query(...countStatement(dialect, aggregate, filter))
      return Number((row as { total: string | number }).total)
    },
  }
}

/** Finds one by its id; if that saves round trips, one statement finds all that one turn of the event loop asks for. */
function finder<State extends Entity>(
  dialect: Dialect,
  query: SqlDatabase['query'],
  aggregate: Aggregate,
  stateOf: (row: unknown) => State,
): (id: string) => Promise<State | null> {
  const from = `select ${selection(aggregate)} from ${aggregate.table} where`
  const one = prepare<{ id: string }>(dialect, (bind) => `${from} id = ${bind('id', 'uuid')}`)
  const many = prepare<{ ids: readonly string[] }>(
    dialect,
    (bind) => `${from} ${dialect.anyOf('id', bind('ids', 'list'))}`,
  )

  async function load(ids: readonly string[]): Promise<ReadonlyMap<string, State>> {
    const rows = await query(...many.with({ ids }))
    return new Map(rows.map(stateOf).map((state) => [state.id, state]))
  }

  if (dialect.batchesReads) return createDataLoader(load, setImmediate)
  return async (id) => {
    const [row] = await query(...one.with({ id }))
    return row === undefined ? null : stateOf(row)
  }
}
