import type { ListQuery } from '../../domains/ports/list-query.ts'
import type { Reader } from '../../domains/ports/repository.ts'
import type { Aggregate, Entity } from './aggregate.ts'
import type { Filter, StoreDriver } from './driver.ts'
import { required } from './required.ts'
import type { View } from './view.ts'

/** A call of the driver: the operation, and its table. */
export type Statement = Readonly<{ operation: string; target: string }>
type Call<Args extends readonly unknown[], Result> = (...args: Args) => Promise<Result>

/** Wraps a call of the driver, once, when the store opens. */
export type Around = <Args extends readonly unknown[], Result>(
  statement: Statement,
  call: Call<Args, Result>,
) => Call<Args, Result>

/** A driver whose calls on behalf of callers are wrapped: not health checks, claims and pruning. */
export function aroundDriver(driver: StoreDriver, around: Around): StoreDriver {
  const { keys, inbox } = driver
  const of = (target: string) => (operation: string) => ({ operation, target })
  const [ofKeys, ofInbox] = [of('idempotency_keys'), of('inbox')]
  const readers = new Map<Aggregate, Reader<Entity, Filter>>()

  function readerOf(aggregate: Aggregate): Reader<Entity, Filter> {
    const reader = readers.get(aggregate) ?? aroundReader(driver.reader(aggregate), aggregate, around)
    readers.set(aggregate, reader)
    return reader
  }

  return {
    ...driver,
    reader: <State extends Entity>(aggregate: Aggregate<State>) => readerOf(aggregate) as Reader<State, Filter>,
    view: <Port>(view: View<Port>) => aroundPort(driver.view(view), of(view.table), around),
    inbox: { processedDigest: around(ofInbox('find'), (consumer, id) => inbox.processedDigest(consumer, id)) },
    keys: {
      reserve: around(ofKeys('reserve'), (request, token) => keys.reserve(request, token)),
      release: around(ofKeys('release'), (reservation) => keys.release(reservation)),
    },
    commit: around(of('')('commit'), (operations) => driver.commit(operations)),
  }
}

function aroundReader(reader: Reader<Entity, Filter>, { table, notFound }: Aggregate, around: Around) {
  const of = (operation: string): Statement => ({ operation, target: table })
  const find = around(of('find'), (id: string) => reader.find(id))

  return {
    find,
    get: required(find, notFound), // a missing row is a result, too
    list: around(of('list'), (query: ListQuery<Filter>) => reader.list(query)),
    count: around(of('count'), (filter: Filter) => reader.count(filter)),
  }
}

/** The methods of the ports of the domain. */
const aroundPort = <Port>(port: Port, of: (operation: string) => Statement, around: Around): Port =>
  Object.fromEntries(
    Object.entries(port as Record<string, Call<readonly unknown[], unknown>>).map(([name, call]) => [
      name,
      around(of(name), call),
    ]),
  ) as Port
