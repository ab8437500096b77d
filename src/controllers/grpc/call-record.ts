import type { Actor } from '../../domains/entities/actor.ts'
import type { Span } from '../../patterns/tracing.ts'

/** The access log entry of a call, once it is over. Without its messages and its token. */
export type CallRecord = Readonly<{
  id: string
  /** The trace that the caller says the call belongs to. */
  traceId: string | null
  spanId: string | null
  /** Such as `/forum.v1.UserService/GetMe`. */
  method: string
  status: number
  milliseconds: number
  userId: string | null
  /** The address of the client: personal data. */
  clientAddress: string | null
  failure: unknown
}>

export type CallLog = (record: CallRecord) => void

/** The state of a call, which the parts that answer it share. */
export type CallState = {
  id: string
  /** The method is one of the interface, not of health or reflection: those have words of their own. */
  readonly isOurs: boolean
  traceId: string | null
  /** What a trace shows of the call; null where nothing is traced. */
  span: Span | null
  clientAddress: string | null
  actor: Actor | null
  failure: unknown
  /** The request is there as a whole. */
  isReceived: boolean
  /** It is being answered by one of our methods. */
  isRunning: boolean
  /** The metadata that is sent before the response. */
  headers: Readonly<Record<string, string>>
  /** Resets the stream of the call, whatever is still to be sent on it. */
  readonly cut: () => void
  /** Receives no more of the request. */
  readonly stopReceiving: () => void
  readonly startedAt: number
}

type Fixed = Pick<CallState, 'isOurs' | 'cut' | 'stopReceiving'>

export const newCallState = (fixed: Fixed): CallState => ({
  id: '',
  traceId: null,
  span: null,
  clientAddress: null,
  actor: null,
  failure: null,
  isReceived: false,
  isRunning: false,
  headers: {},
  startedAt: performance.now(),
  ...fixed,
})
