import { once } from 'node:events'
import { type handleServerStreamingCall, Metadata } from '@grpc/grpc-js'
import type { CallDependencies, Definition } from './call-dependencies.ts'
import type { CallState } from './call-record.ts'
import { CallError, failureOf, loggedOf } from './errors.ts'
import { readRequest } from './request-reader.ts'
import type { Call, Method } from './service.ts'

type StreamCall = Parameters<handleServerStreamingCall<Buffer, Buffer>>[0]

/** Answers a call with a stream, message by message as its reader takes them, until it is ended. Checks as for other calls. */
export function runServerStream(
  { requestDeserialize, responseSerialize }: Definition,
  method: Method<never, object>,
  { authenticate, streams, writeStatus, stateOf, tracer, limits }: CallDependencies,
): handleServerStreamingCall<Buffer, Buffer> {
  async function run(call: StreamCall): Promise<void> {
    const state = stateOf(call.metadata)
    const actor = await authenticate(call.metadata, state)
    const request = readRequest(call.request, requestDeserialize)
    const { signal, end } = ending(call)
    const remove = streams.add({ userId: actor.userId, end })
    const lifetime = setTimeout(() => end(new CallError('stream-expired')), limits.streamLifetimeMs)
    try {
      const messages = method(request as never, {
        actor,
        signal,
        open: () => call.sendMetadata(new Metadata()),
        addTrailer,
      })
      for await (const message of messages as AsyncGenerator<object>) {
        await send(call, responseSerialize(message), signal, () => setTimeout(state.cut, limits.stallTimeoutMs))
        if (signal.aborted) break
      }
      signal.throwIfAborted()
    } finally {
      clearTimeout(lifetime)
      remove()
    }
  }

  return function answer(call) {
    const state = stateOf(call.metadata)
    state.isRunning = true
    const ended = tracer && state.span ? tracer.run(state.span, () => run(call)) : run(call)
    ended.then(
      () => call.end(),
      (error: unknown) => {
        const failure = failureOf(error)
        if (!call.cancelled) cutUnlessOver(limits.flushTimeoutMs, call, state)
        state.failure = loggedOf(error, failure)
        call.emit('error', writeStatus(failure))
      },
    )
  }
}

/** A signal that aborts when the caller has cancelled or the stream ends, with the reason for the caller. */
function ending(call: StreamCall) {
  const controller = new AbortController()
  const end = (reason: CallError): void => controller.abort(reason)
  const leave = (): void => end(new CallError('deadline-exceeded'))
  if (call.cancelled) leave()
  call.once('cancelled', leave)
  return { signal: controller.signal, end }
}

/** Resolves when the reader has room for more. A reader who takes nothing for long is cut off. */
async function send(
  call: StreamCall,
  message: Buffer,
  signal: AbortSignal,
  watchStall: () => NodeJS.Timeout,
): Promise<void> {
  if (call.write(message) || signal.aborted) return
  const stalled = watchStall()
  await once(call, 'drain', { signal }).catch(() => {})
  clearTimeout(stalled)
}

/** Resets the stream unless it is over by then. */
function cutUnlessOver(milliseconds: number, call: StreamCall, { cut }: Pick<CallState, 'cut'>): void {
  const timer = setTimeout(cut, milliseconds)
  call.once('cancelled', () => clearTimeout(timer))
}

/** A stream says everything in its messages. */
const addTrailer: Call['addTrailer'] = () => {}
