import type { Reader } from '../../domains/ports/repository.ts'
import type { Aggregate, Entity } from './aggregate.ts'
import type { Filter, StoreDriver } from './driver.ts'
import type { View } from './view.ts'

/** Something that a driver is asked for: what is done, and to what. */
export type Statement = Readonly<{ operation: string; target: string }>
type Call<Args extends readonly unknown[], Result> = (...args: Args) => Promise<Result>

/** Puts something around a call, once, when the store opens. */
export type Around = <Args extends readonly unknown[], Result>(
  statement: Statement,
  call: Call<Args, Result>,
) => Call<Args, Result>

/** A driver with something around all that the work of callers waits for: not around checks, claims and pruning. */
export function aroundDriver(driver: StoreDriver, around: Around): StoreDriver {
  const { keys, inbox } = driver
  const of = (target: string) => (operation: string) => ({ operation, target })
  const [ofKeys, ofInbox] = [of('idempotency_keys'), of('inbox')]

  return {
    ...driver,
    reader: <State extends Entity>(aggregate: Aggregate<State>) =>
      aroundReader(driver.reader(aggregate), of(aggregate.table), around),
    view: <Port>(view: View<Port>) => aroundPort(driver.view(view), of(view.table), around),
    inbox: { processedDigest: around(ofInbox('find'), (consumer, id) => inbox.processedDigest(consumer, id)) },
    keys: {
      reserve: around(ofKeys('reserve'), (request, token) => keys.reserve(request, token)),
      release: around(ofKeys('release'), (reservation) => keys.release(reservation)),
    },
    commit: around(of('')('commit'), (operations) => driver.commit(operations)),
  }
}

const aroundReader = <State extends Entity>(
  reader: Reader<State, Filter>,
  of: (operation: string) => Statement,
  around: Around,
): Reader<State, Filter> => ({
  find: around(of('find'), (id) => reader.find(id)),
  get: around(of('find'), (id) => reader.get(id)),
  list: around(of('list'), (query) => reader.list(query)),
  count: around(of('count'), (filter) => reader.count(filter)),
})

/** All that a port of the domain can be asked for. */
const aroundPort = <Port>(port: Port, of: (operation: string) => Statement, around: Around): Port =>
  Object.fromEntries(
    Object.entries(port as Record<string, Call<readonly unknown[], unknown>>).map(([name, call]) => [
      name,
      around(of(name), call),
    ]),
  ) as Port
