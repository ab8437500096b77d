import { Metadata } from '@grpc/grpc-js'
import type { CallDependencies, Definition } from './call-dependencies.ts'
import { CallError, failureOf, loggedOf } from './errors.ts'
import { readRequest } from './request-reader.ts'
import type { Call, Method } from './service.ts'
import type { UnaryCall, UnaryHandler } from './unary-listener.ts'

type Answer = Readonly<{ bytes: Buffer; trailer: Metadata | null }>

/**
 * Answers a call once. Checks come in the order of REST: limits, authentication, parsing, then those of the method.
 * Work whose caller has cancelled does not begin.
 */
export function runUnaryCall(
  { path, requestDeserialize, responseSerialize }: Definition,
  method: Method<never, object>,
  { authenticate, admission, unsent, writeStatus, stateOf, tracer, limits }: CallDependencies,
): UnaryHandler {
  const gate = admission.gateOf(path)

  async function run(call: UnaryCall, metadata: Metadata, bytes: Buffer): Promise<Answer> {
    await gate.enter()
    try {
      const actor = await authenticate(metadata, stateOf(metadata))
      const request = readRequest(bytes, requestDeserialize)
      if (call.isOver) throw new CallError('deadline-exceeded')
      const context = new UnaryContext(actor, call)
      const response = await method(request as never, context)
      return { bytes: responseSerialize(response as object), trailer: context.trailer }
    } finally {
      gate.leave()
    }
  }

  return function answer(call, metadata, request) {
    const state = stateOf(metadata)
    state.isRunning = true

    function send({ bytes, trailer }: Answer): void {
      const release = unsent.reserve(bytes)
      const stalled = setTimeout(state.cut, limits.stallTimeoutMs)
      call.onceOver(() => {
        clearTimeout(stalled)
        release()
      })
      call.respond(bytes, trailer)
    }

    const task = () => run(call, metadata, request)
    const answered = tracer && state.span ? tracer.run(state.span, task) : task()
    answered.then(send).catch((error: unknown) => {
      const failure = failureOf(error)
      state.failure = loggedOf(error, failure)
      call.refuse(writeStatus(failure))
    })
  }
}

/**
 * What a method learns of its call. The signal is made when it is asked for, as hardly any method does. A class, because V8
 * makes a new shape for each object literal that has a getter.
 */
class UnaryContext implements Call {
  readonly actor: Call['actor']
  trailer: Metadata | null = null
  readonly #call: UnaryCall

  constructor(actor: Call['actor'], call: UnaryCall) {
    this.actor = actor
    this.#call = call
  }

  get signal(): AbortSignal {
    const controller = new AbortController()
    this.#call.onceOver(() => controller.abort())
    return controller.signal
  }

  open(): void {}

  addTrailer(name: string, value: string): void {
    this.trailer ??= new Metadata()
    this.trailer.set(name, value)
  }
}
