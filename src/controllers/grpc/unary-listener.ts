import type {
  Metadata,
  ServerInterceptingCall,
  ServerInterceptingCallInterface,
  ServerInterceptor,
} from '@grpc/grpc-js'
import { STATUS } from './status.ts'

type Listener = Parameters<ServerInterceptingCallInterface['start']>[0]
type SentStatus = Parameters<ServerInterceptingCallInterface['sendStatus']>[0]

/** Answers a call whose metadata and message are there. */
export type UnaryHandler = (call: UnaryCall, metadata: Metadata, request: Buffer) => void

/** The handlers of unary calls, by the paths of their methods. */
export type UnaryHandlers = ReadonlyMap<string, UnaryHandler>

/** Lets these handlers answer in place of the library, which makes a writable stream and its listeners for each call. */
export const unaryInterceptor =
  (handlers: UnaryHandlers): ServerInterceptor =>
  ({ path }, call) => {
    const handler = handlers.get(path)
    if (handler !== undefined) {
      const start = call.start.bind(call)
      call.start = () => start(new UnaryCall(call, handler))
    }
    return call as ServerInterceptingCall
  }

const NOT_ONE_MESSAGE: SentStatus = { code: STATUS.invalidArgument, details: 'Send one message.', metadata: null }

/** Receives the one message of a call, and sends the one answer. */
export class UnaryCall implements Listener {
  isOver = false
  readonly #call: ServerInterceptingCallInterface
  readonly #handler: UnaryHandler
  readonly #atEnd: (() => void)[] = []
  #metadata: Metadata | null = null
  #request: Buffer | null = null

  constructor(call: ServerInterceptingCallInterface, handler: UnaryHandler) {
    this.#call = call
    this.#handler = handler
  }

  onReceiveMetadata(metadata: Metadata): void {
    this.#metadata = metadata
    this.#call.startRead()
  }

  onReceiveMessage(message: Buffer): void {
    if (this.#request === null) {
      this.#request = message
      this.#call.startRead()
    } else this.refuse(NOT_ONE_MESSAGE)
  }

  onReceiveHalfClose(): void {
    if (this.#metadata === null || this.#request === null) this.refuse(NOT_ONE_MESSAGE)
    else this.#handler(this, this.#metadata, this.#request)
  }

  onCancel(): void {
    this.isOver = true
    for (const act of this.#atEnd) act()
  }

  /** Acts once the call is over, whether it was answered or cancelled: at once where it is already. */
  onceOver(act: () => void): void {
    if (this.isOver) act()
    else this.#atEnd.push(act)
  }

  respond(response: Buffer, trailer: Metadata | null): void {
    this.#call.sendMessage(response, () => this.#call.sendStatus({ code: STATUS.ok, details: 'OK', metadata: trailer }))
  }

  refuse(status: SentStatus): void {
    this.#call.sendStatus(status)
  }
}
