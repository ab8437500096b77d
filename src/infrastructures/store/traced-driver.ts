import { type Tracer, withSpan } from '../../patterns/tracing.ts'
import { aroundDriver, type Statement } from './around-driver.ts'
import type { StoreDriver } from './driver.ts'
import type { Operation } from './operation.ts'

/**
 * Records a span for each call of the driver within a trace, without any value. Calls outside of a trace are not recorded, as no
 * request would explain them.
 */
export const tracedDriver = (driver: StoreDriver, tracer: Tracer, system: string): StoreDriver =>
  aroundDriver(driver, (statement, call) => (...args) => {
    if (tracer.current() === null) return call(...args)
    const { operation, target } =
      statement.operation === 'commit' ? summaryOf(args[0] as readonly Operation[]) : statement
    return withSpan(
      tracer,
      {
        name: `${operation} ${target}`,
        kind: 'client',
        attributes: {
          'db.system.name': system,
          'db.operation.name': operation,
          'db.collection.name': target,
          'db.query.summary': `${operation} ${target}`,
        },
      },
      () => call(...args),
    )
  })

const VERBS = { add: 'insert', save: 'update', remove: 'delete' } as const

/** What a transaction is for: its first change. */
function summaryOf(operations: readonly Operation[]): Statement {
  const change = operations.find((operation) => 'of' in operation)
  return change === undefined
    ? { operation: 'commit', target: 'inbox' }
    : { operation: VERBS[change.kind], target: change.of.table }
}
