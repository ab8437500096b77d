import { randomUUID } from 'node:crypto'
import { Conflict } from '../../domains/errors/change-errors.ts'
import type { IdempotencyKeys } from '../../domains/ports/idempotency-keys.ts'
import type { InboxReader } from '../../domains/ports/inbox.ts'
import type { Reader } from '../../domains/ports/repository.ts'
import { type Retry, retry } from '../../patterns/retry.ts'
import { deserialize } from '../../patterns/serialization.ts'
import type { Aggregate, Aggregates } from './aggregate.ts'
import type { DriverKeys, Filter, StoreDriver } from './driver.ts'
import { RETRY_POLICY } from './retry-policy.ts'
import { TransientConflict } from './store-errors.ts'
import { createChangeLog, recordingUnitOfWork, type UnitOfWorkOf } from './unit-of-work.ts'
import type { View, Views } from './view.ts'

/** The aggregates of a store and the views on them, each by its name in the domain. */
export type Schema = Readonly<{ aggregates: Aggregates; views: Views }>

type ReadersOf<Of extends Aggregates> = {
  [Name in keyof Of]: Of[Name] extends Aggregate<infer State> ? Reader<State, Filter> : never
}
type PortsOf<Of extends Views> = { [Name in keyof Of]: Of[Name] extends View<infer Port> ? Port : never }

/** A store of these aggregates and views. */
export type StoreOf<Of extends Schema> = Readonly<
  ReadersOf<Of['aggregates']> &
    PortsOf<Of['views']> & {
      inbox: InboxReader
      keys: IdempotencyKeys
      transact: <Result>(work: (uow: UnitOfWorkOf<Of['aggregates']>) => Promise<Result>) => Promise<Result>
    }
>

type Options = Readonly<{
  newToken?: () => string
  backoff?: Pick<Retry, 'sleep' | 'random'>
  /** Called after each commit: an event may be pending. */
  onCommit?: () => void
  /** The `traceparent` of the current work, which its events continue. */
  traceparent?: () => string | null
}>
type WithRetry = <Result>(task: () => Promise<Result>) => Promise<Result>

const isTransient = (error: unknown): boolean => error instanceof Conflict || error instanceof TransientConflict

/** Makes a store of a driver: it records a unit of work while it runs, commits it as one, and runs it again after a conflict. */
export function createStore<Of extends Schema>(
  driver: StoreDriver,
  { aggregates, views }: Of,
  { newToken = randomUUID, backoff = RETRY_POLICY, onCommit = () => {}, traceparent = () => null }: Options = {},
): StoreOf<Of> {
  type Work<Result> = (uow: UnitOfWorkOf<Of['aggregates']>) => Promise<Result>

  async function attempt<Result>(work: Work<Result>): Promise<Result> {
    const log = createChangeLog(traceparent())
    try {
      const result = await work(recordingUnitOfWork<Of['aggregates']>(driver, aggregates, log))
      const operations = log.operations()
      log.close()
      if (operations.length > 0) await driver.commit(operations).then(onCommit)
      return result
    } finally {
      log.close()
    }
  }

  const withRetry: WithRetry = (task) => retry(task, isTransient, { ...RETRY_POLICY, ...backoff })

  return {
    ...mapValues(aggregates, (aggregate) => driver.reader(aggregate)),
    ...mapValues(views, (view) => driver.view(view)),
    inbox: driver.inbox,
    keys: idempotencyKeys(driver.keys, newToken, withRetry),
    transact: <Result>(work: Work<Result>) => withRetry(() => attempt(work)),
  } as StoreOf<Of>
}

const mapValues = <From, To>(of: Readonly<Record<string, From>>, map: (from: From) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(of).map(([name, value]) => [name, map(value)]))

const idempotencyKeys = (keys: DriverKeys, newToken: () => string, withRetry: WithRetry): IdempotencyKeys => ({
  release: (reservation) => withRetry(() => keys.release(reservation)),

  async reserve(request) {
    const token = newToken()
    const state = await withRetry(() => keys.reserve(request, token))
    if (state.kind === 'completed') return { kind: 'completed', result: deserialize(state.result) }
    if (state.kind !== 'reserved') return { kind: state.kind }
    return { kind: 'reserved', reservation: { userId: request.userId, key: request.key, token } }
  },
})
