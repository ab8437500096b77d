import { constants, type ServerHttp2Stream } from 'node:http2'
import type {
  Metadata,
  ServerInterceptingCall,
  ServerInterceptingCallInterface,
  ServerInterceptor,
} from '@grpc/grpc-js'
import { parseTraceparent, type Tracer } from '../../patterns/tracing.ts'
import { requestIdFrom } from '../api/request-id.ts'
import { type CallLog, type CallState, newCallState } from './call-record.ts'
import { endOf, startOf } from './call-spans.ts'
import type { Limits } from './limits.ts'
import { interceptResponses } from './response-interceptor.ts'
import type { ClientAddress } from './server.ts'
import { type CallErrorCode, STATUS } from './status.ts'
import type { StatusWriter } from './status-writer.ts'

type Needs = Readonly<{
  log: CallLog
  writeStatus: StatusWriter
  clientAddress: ClientAddress
  limits: Limits
  tracer?: Tracer | null
}>

const { NGHTTP2_CANCEL, NGHTTP2_NO_ERROR } = constants

/** Streams of the library's own services, which nothing else ends. */
const LIBRARY = '/grpc.'

/** By which the metadata of a call leads to its state. Young objects that a WeakMap refers to would outlive the scavenger. */
const STATE = 'call-state'

/** Follows each call from its metadata to its end, which is logged. `stateOf` knows a call by its metadata. */
export function createCallTracker({ log, writeStatus, clientAddress, limits, tracer = null }: Needs) {
  const running = new Map<CallState, (code: CallErrorCode) => void>()

  const interceptor: ServerInterceptor = ({ path: method, requestStream }, call) => {
    const state = newCallState({ isOurs: !method.startsWith(LIBRARY), ...streamOf(call) })
    const refuse = interceptResponses(call, state, writeStatus, end)
    const timer = requestStream ? undefined : setTimeout(() => refuse('request-timeout'), limits.requestTimeoutMs)
    running.set(state, refuse)

    function end(status: number): void {
      if (!running.delete(state)) return
      clearTimeout(timer)
      tell(log, state, method, status)
    }

    const onReceiveMetadata = (metadata: Metadata): void => {
      const peer = call.getConnectionInfo().remoteAddress ?? ''
      state.clientAddress = clientAddress(peer, () => metadata.getMap())
      metadata.setOpaque(STATE, Object.assign(state, introductionOf(metadata)))
      if (tracer !== null && state.isOurs) state.span = tracer.start(startOf(method, textIn(metadata, 'traceparent')))
    }

    return observed(call, {
      onReceiveMetadata,
      onReceived() {
        state.isReceived = true
        clearTimeout(timer)
      },
      onEnd() {
        end(cancelStatus(call))
        if (!state.isReceived) state.stopReceiving()
      },
    })
  }

  return {
    interceptor,

    stateOf(metadata: Metadata): CallState {
      const state = metadata.getOpaque(STATE)
      if (state === undefined) throw new Error('This call is not tracked.')
      return state as CallState
    },

    /** Ends the streams of the library's own services: those who watch health or ask by reflection. */
    drain(): void {
      for (const [{ isOurs }, refuse] of running) if (!isOurs) refuse('shutting-down')
    },
  }
}

/** The library has no public way to reset a stream: its statuses wait behind what the caller does not take, or not send. */
function streamOf(call: ServerInterceptingCallInterface): Pick<CallState, 'cut' | 'stopReceiving'> {
  const { stream } = call as { stream?: ServerHttp2Stream }
  return { cut: () => stream?.close(NGHTTP2_CANCEL), stopReceiving: () => stream?.close(NGHTTP2_NO_ERROR) }
}

/** What the metadata says of the request and of the trace that it belongs to. */
function introductionOf(metadata: Metadata): Pick<CallState, 'id' | 'traceId'> {
  const traceId = parseTraceparent(textIn(metadata, 'traceparent'))?.traceId ?? null
  return { id: requestIdFrom(textIn(metadata, 'x-request-id')), traceId }
}

const textIn = (metadata: Metadata, name: string): string | undefined => metadata.get(name)[0]?.toString()

/** Why a call ended without an answer. */
const cancelStatus = (call: ServerInterceptingCallInterface): number =>
  Number(call.getDeadline()) <= Date.now() ? STATUS.deadlineExceeded : STATUS.cancelled

function tell(log: CallLog, state: CallState, method: string, status: number): void {
  state.span?.end(endOf(status))
  log(recordOf(state, method, status))
}

const recordOf = (
  { id, traceId, span, actor, clientAddress, failure, startedAt }: CallState,
  method: string,
  status: number,
) => ({
  id,
  traceId: span?.traceId ?? traceId,
  spanId: span?.spanId ?? null,
  method,
  status,
  milliseconds: performance.now() - startedAt,
  userId: actor?.userId ?? null,
  clientAddress,
  failure,
})

type Listener = Readonly<{
  onReceiveMetadata: (metadata: Metadata) => void
  onReceived: () => void
  /** The call is over, whether it was answered or not. */
  onEnd: () => void
}>

/**
 * The call itself, which reports to the listener until it ends. A ServerInterceptingCall around it would do the same, with a dozen
 * objects for each call.
 */
function observed(
  call: ServerInterceptingCallInterface,
  { onReceiveMetadata, onReceived, onEnd }: Listener,
): ServerInterceptingCall {
  const start = call.start.bind(call)
  let isOver = false

  call.start = (listener) =>
    start({
      onReceiveMetadata(metadata) {
        onReceiveMetadata(metadata)
        listener.onReceiveMetadata(metadata)
      },
      onReceiveMessage(message) {
        if (!isOver) listener.onReceiveMessage(message)
      },
      onReceiveHalfClose() {
        if (isOver) return
        onReceived()
        listener.onReceiveHalfClose()
      },
      onCancel() {
        isOver = true
        onEnd()
        listener.onCancel()
      },
    })
  return call as ServerInterceptingCall
}
