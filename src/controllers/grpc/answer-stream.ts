import { once } from 'node:events'
import { type handleServerStreamingCall, Metadata } from '@grpc/grpc-js'
import { type Answering, type Definition, STALLED_MS } from './answering.ts'
import { CallRefused, failureOf, loggedOf } from './errors.ts'
import { readRequest } from './request-reader.ts'
import type { Call, Method } from './service.ts'

/** Callers come back with a new token. */
const LIFETIME_MS = 15 * 60_000

type StreamCall = Parameters<handleServerStreamingCall<Buffer, Buffer>>[0]

/** Answers a call with a stream, message by message as its reader takes them, until it is ended. Checks as for other calls. */
export function answerStream(
  { requestDeserialize, responseSerialize }: Definition,
  method: Method<never, object>,
  { authenticate, streams, writeStatus, stateOf }: Answering,
): handleServerStreamingCall<Buffer, Buffer> {
  async function run(call: StreamCall): Promise<void> {
    const state = stateOf(call.metadata)
    const actor = await authenticate(call.metadata, state)
    const request = readRequest(call.request, requestDeserialize)
    const { signal, end } = ending(call)
    const remove = streams.add({ userId: actor.userId, end })
    const lifetime = setTimeout(() => end(new CallRefused('stream-expired')), LIFETIME_MS)
    try {
      const messages = method(request as never, {
        actor,
        signal,
        open: () => call.sendMetadata(new Metadata()),
        addTrailer,
      })
      for await (const message of messages as AsyncGenerator<object>) {
        await send(call, responseSerialize(message), signal, state.cut)
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
    run(call).then(
      () => call.end(),
      (error: unknown) => {
        const failure = failureOf(error)
        state.failure = loggedOf(error, failure)
        call.emit('error', writeStatus(failure))
      },
    )
  }
}

/** A signal that aborts when the caller has left or the stream is ended, with the reason that the caller is told. */
function ending(call: StreamCall) {
  const controller = new AbortController()
  const end = (reason: CallRefused): void => controller.abort(reason)
  const leave = (): void => end(new CallRefused('deadline-exceeded'))
  if (call.cancelled) leave()
  call.once('cancelled', leave)
  return { signal: controller.signal, end }
}

/** Resolves when the reader has room for more. A reader who takes nothing for long is cut off. */
async function send(call: StreamCall, message: Buffer, signal: AbortSignal, cut: () => void): Promise<void> {
  if (call.write(message) || signal.aborted) return
  const stalled = setTimeout(cut, STALLED_MS)
  await once(call, 'drain', { signal }).catch(() => {})
  clearTimeout(stalled)
}

/** A stream says everything in its messages. */
const addTrailer: Call['addTrailer'] = () => {}
