import { STATUS } from '../controllers/grpc/status.ts'
import { createHistogram } from '../patterns/histogram.ts'
import { PRODUCT } from '../patterns/product.ts'

const OTHER = 'other'
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', OTHER]
const OUTCOMES = ['0xx', '1xx', '2xx', '3xx', '4xx', '5xx']

const STATUS_NAMES = new Map<number, string>(
  Object.entries(STATUS).map(([name, code]) => [code, name.replaceAll(/[A-Z]/g, '_$&').toUpperCase()]),
)

type Request = Readonly<{ method: string; route: string; status: number; milliseconds: number }>
type Call = Readonly<{ method: string; status: number; milliseconds: number }>
type Handled = Readonly<{ consumer: string; type: string; outcome: string; milliseconds: number }>

/** How long everything takes, by what it is and how it ended. No label has a value that a caller can make up. */
export function createDurations() {
  const histogram = (name: string, help: string, ...labels: string[]) =>
    createHistogram(`${PRODUCT.metrics}${name}_duration_seconds`, help, labels)
  const requests = histogram('http_request', 'Requests over REST.', 'method', 'route', 'outcome')
  const calls = histogram('grpc_call', 'Calls over gRPC.', 'method', 'outcome')
  const statements = histogram('database_statement', 'What callers ask of the database.', 'statement', 'outcome')
  const handlers = histogram('event_handler', 'Events that a consumer handles.', 'consumer', 'type', 'outcome')

  const byRoute = new Map<string, ReturnType<typeof observersOf>>()

  /** By method, and by the first digit of the status. */
  function observersOf(route: string) {
    const ofMethod = (method: string) => OUTCOMES.map((outcome) => requests.observer(method, route, outcome))
    return new Map(METHODS.map((method) => [method, ofMethod(method)]))
  }

  return {
    metrics: [requests, calls, statements, handlers].map(({ metric }) => metric),

    request({ method, route, status, milliseconds }: Request): void {
      const observers = byRoute.get(route) ?? observersOf(route)
      byRoute.set(route, observers) // routes are few: all of them are declared
      const ofMethod = observers.get(method) ?? observers.get(OTHER)
      ofMethod?.[Math.trunc(status / 100)]?.(milliseconds)
    },

    call: (services: readonly Readonly<{ name: string; methods: object }>[]) => {
      const known = new Set(
        services.flatMap(({ name, methods }) => Object.keys(methods).map((one) => `/${name}/${one}`)),
      )
      return ({ method, status, milliseconds }: Call): void =>
        calls.observe(
          milliseconds,
          known.has(method) ? method.slice(1) : OTHER,
          STATUS_NAMES.get(status) ?? String(status),
        )
    },

    statement: statements.observer,

    handler: ({ consumer, type, outcome, milliseconds }: Handled): void =>
      handlers.observe(milliseconds, consumer, type, outcome),
  }
}

export type Durations = ReturnType<typeof createDurations>
