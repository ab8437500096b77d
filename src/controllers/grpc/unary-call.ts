import { type handleUnaryCall, Metadata } from '@grpc/grpc-js'
import type { CallDependencies, Definition } from './call-dependencies.ts'
import { CallError, failureOf, loggedOf } from './errors.ts'
import { readRequest } from './request-reader.ts'
import type { Call, Method } from './service.ts'

type UnaryCall = Parameters<handleUnaryCall<Buffer, Buffer>>[0]
type Answer = Readonly<{ bytes: Buffer; trailer: Metadata }>

/**
 * Answers a call once. Checks come in the order of REST: limits, authentication, parsing, then those of the method.
 * Work whose caller has cancelled does not begin.
 */
export function runUnaryCall(
  { path, requestDeserialize, responseSerialize }: Definition,
  method: Method<never, object>,
  { authenticate, admission, unsent, writeStatus, stateOf, tracer, limits }: CallDependencies,
): handleUnaryCall<Buffer, Buffer> {
  const gate = admission.gateOf(path)

  async function run(call: UnaryCall): Promise<Answer> {
    await gate.enter()
    try {
      const actor = await authenticate(call.metadata, stateOf(call.metadata))
      const request = readRequest(call.request, requestDeserialize)
      if (call.cancelled) throw new CallError('deadline-exceeded')
      const trailer = new Metadata()
      const response = await method(request as never, new UnaryContext(actor, call, trailer))
      return { bytes: responseSerialize(response as object), trailer }
    } finally {
      gate.leave()
    }
  }

  return function answer(call, respond) {
    const state = stateOf(call.metadata)
    state.isRunning = true

    function send({ bytes, trailer }: Answer): void {
      if (call.cancelled) return // and no event would tell when to release it
      const release = unsent.reserve(bytes)
      const stalled = setTimeout(state.cut, limits.stallTimeoutMs)
      call.once('cancelled', () => {
        clearTimeout(stalled)
        release()
      })
      respond(null, bytes, trailer)
    }

    const answered = tracer && state.span ? tracer.run(state.span, () => run(call)) : run(call)
    answered.then(send).catch((error: unknown) => {
      const failure = failureOf(error)
      state.failure = loggedOf(error, failure)
      respond(writeStatus(failure))
    })
  }
}

/**
 * What a method learns of its call. The signal is made when it is asked for, as hardly any method does. A class, because V8
 * makes a new shape for each object literal that has a getter.
 */
class UnaryContext implements Call {
  readonly actor: Call['actor']
  readonly #call: UnaryCall
  readonly #trailer: Metadata

  constructor(actor: Call['actor'], call: UnaryCall, trailer: Metadata) {
    this.actor = actor
    this.#call = call
    this.#trailer = trailer
  }

  get signal(): AbortSignal {
    const controller = new AbortController()
    if (this.#call.cancelled) controller.abort()
    this.#call.once('cancelled', () => controller.abort())
    return controller.signal
  }

  open(): void {}

  addTrailer(name: string, value: string): void {
    this.#trailer.set(name, value)
  }
}
