import type { Db, MongoClient } from 'mongodb'
import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import type { Reader } from '../../../domains/ports/repository.ts'
import type { Aggregate, Aggregates, Entity } from '../aggregate.ts'
import type { Filter, StoreDriver } from '../driver.ts'
import type { Operation } from '../operation.ts'
import { applyChange } from './changes.ts'
import { mongodbKeys, saveResult } from './idempotency-keys.ts'
import { inboxReader, markProcessed } from './inbox.ts'
import { createKeyMutex } from './key-mutex.ts'
import { type EventLog, eventLog, mongodbOutbox } from './outbox.ts'
import { mongodbPrune } from './prune.ts'
import { documentsOf, MAX_TIME_MS, mongodbReader } from './reader.ts'
import { openSessions } from './sessions.ts'
import { inTransaction, type Transaction } from './transaction.ts'

/** Stores aggregates as documents, one collection for each kind. */
export function mongodbDriver(client: MongoClient, db: Db, aggregates: Aggregates): StoreDriver {
  const readers = new Map(Object.values(aggregates).map((aggregate) => [aggregate, mongodbReader(db, aggregate)]))
  const sessions = openSessions(client, db)
  const transact = <Result>(work: (transaction: Transaction) => Promise<Result>) => inTransaction(sessions, db, work)

  const exclusively = createKeyMutex()

  async function apply(transaction: Transaction, operation: Operation, events: EventLog): Promise<void> {
    if (operation.kind === 'mark-processed') return markProcessed(transaction, operation.message)
    if (operation.kind === 'save-result') return saveResult(transaction, operation.reservation, operation.result)
    return applyChange(transaction, operation, aggregates, events)
  }

  return {
    reader<State extends Entity>(aggregate: Aggregate<State>) {
      const reader = readers.get(aggregate)
      if (reader === undefined) throw new Error(`This store keeps no ${aggregate.type}.`)
      return reader as Reader<State, Filter>
    },
    view: (view) => view.mongodb(documentsOf(db)),
    inbox: inboxReader(db),
    keys: mongodbKeys(db),
    outbox: mongodbOutbox(db, transact),

    commit: (operations) =>
      exclusively([...new Set(operations.flatMap(writtenBy))], () =>
        transact(async (transaction) => {
          const events = eventLog(transaction)
          for (const operation of operations) await apply(transaction, operation, events)
          await events.flush()
        }),
      ),

    prune: mongodbPrune(db),

    async ping() {
      await db.command({ ping: 1, maxTimeMS: MAX_TIME_MS }).catch((cause) => {
        throw new DependencyUnavailable('database', { cause })
      })
    },

    async close() {
      await sessions.close()
      await client.close()
    },
  }
}

/** The ids of what an operation writes, as far as it names them. */
function writtenBy(operation: Operation): readonly string[] {
  if (!('of' in operation)) return []
  const { kind, of, state } = operation
  const fields = state as unknown as Readonly<Record<string, string>>
  return [state.id, ...(kind === 'add' ? of.references.map(({ field }) => fields[field] ?? '') : [])]
}
