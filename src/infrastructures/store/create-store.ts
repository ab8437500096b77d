import { randomUUID } from 'node:crypto'
import { Conflict } from '../../domains/errors/change-errors.ts'
import type { IdempotencyKeys } from '../../domains/ports/idempotency-keys.ts'
import type { Store } from '../../domains/ports/store.ts'
import type { UnitOfWork } from '../../domains/ports/unit-of-work.ts'
import { readPlain } from '../../patterns/plain-data.ts'
import { type Retry, retry } from '../../patterns/retry.ts'
import { Contention } from './contention.ts'
import type { DriverKeys, StoreDriver } from './driver.ts'
import { PATIENCE } from './patience.ts'
import { openRecord } from './record.ts'
import { recordingUnitOfWork } from './unit-of-work.ts'

type Pauses = Pick<Retry, 'sleep' | 'random'>

const isTransient = (error: unknown): boolean => error instanceof Conflict || error instanceof Contention

/** Makes a store of a driver: units of work are written down while they run, then kept as one, and re-run on conflict. */
export function createStore(
  driver: StoreDriver,
  newToken: () => string = randomUUID,
  pauses: Pauses = PATIENCE,
): Store {
  async function attempt<Result>(work: (uow: UnitOfWork) => Promise<Result>): Promise<Result> {
    const record = openRecord()
    try {
      const result = await work(recordingUnitOfWork(driver, record))
      const changes = record.changes()
      record.close()
      if (changes.length > 0) await driver.commit(changes)
      return result
    } finally {
      record.close()
    }
  }

  const persistently: Persistently = (task) => retry(task, isTransient, { ...PATIENCE, ...pauses })

  return {
    posts: driver.posts,
    comments: driver.comments,
    users: driver.users,
    notifications: driver.notifications,
    inbox: driver.inbox,
    keys: idempotencyKeys(driver.keys, newToken, persistently),
    transact: (work) => persistently(() => attempt(work)),
  }
}

type Persistently = <Result>(task: () => Promise<Result>) => Promise<Result>

const idempotencyKeys = (keys: DriverKeys, newToken: () => string, persistently: Persistently): IdempotencyKeys => ({
  release: (reservation) => persistently(() => keys.release(reservation)),

  async reserve(request) {
    const token = newToken()
    const state = await persistently(() => keys.reserve(request, token))
    if (state.kind === 'answered') return { kind: 'answered', answer: readPlain(state.answer) }
    if (state.kind !== 'reserved') return { kind: state.kind }
    return { kind: 'reserved', reservation: { userId: request.userId, key: request.key, token } }
  },
})
