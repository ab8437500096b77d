import { Metadata, type ServerInterceptingCallInterface } from '@grpc/grpc-js'
import type { CallState } from './call-record.ts'
import { CallError, failureOf } from './errors.ts'
import { type CallErrorCode, STATUS } from './status.ts'
import type { StatusWriter } from './status-writer.ts'

type SentStatus = Parameters<ServerInterceptingCallInterface['sendStatus']>[0]

const DETAILS = 'grpc-status-details-bin'

/**
 * Gives every answer its request id and every failure its details, also those of the library: it sends what it refuses
 * itself, such as messages that are too large, by the methods of the call and past all interceptors.
 *
 * @returns what refuses the call
 */
export function interceptResponses(
  call: ServerInterceptingCallInterface,
  state: CallState,
  writeStatus: StatusWriter,
  onEnd: (status: number) => void,
): (code: CallErrorCode) => void {
  const [sendMetadata, sendStatus] = [call.sendMetadata.bind(call), call.sendStatus.bind(call)]
  const refuse = (code: CallErrorCode) => call.sendStatus(writeStatus(failureOf(new CallError(code))))
  const isForeign = !state.isOurs
  let isOpen = false

  call.sendMetadata = (metadata) => {
    isOpen = true
    sendMetadata(withHeaders(metadata, state))
  }

  call.sendStatus = (status) => {
    const isTold = status.code === STATUS.ok || isForeign || (status.metadata?.get(DETAILS).length ?? 0) > 0
    const {
      code = STATUS.internal,
      details = '',
      metadata,
    } = isTold ? status : writeStatus(failureOf(new CallError(codeOf(status, state.isRunning))))
    onEnd(code)
    sendStatus({ code, details, metadata: isOpen ? (metadata ?? null) : withHeaders(metadata ?? null, state) })
  }

  return refuse
}

/** What the library means by a status. As long as no request is answered, the fault is the caller's. */
function codeOf({ code, details = '' }: SentStatus, isRunning: boolean): CallErrorCode {
  if (code === STATUS.resourceExhausted) return 'payload-too-large'
  if (code === STATUS.deadlineExceeded) return 'deadline-exceeded'
  if (isRunning) return 'internal'
  return code === STATUS.unimplemented && details?.includes('encoding') ? 'unsupported-media-type' : 'malformed-request'
}

function withHeaders(given: Metadata | null, { id, headers }: CallState): Metadata {
  const metadata = given ?? new Metadata()
  metadata.set('x-request-id', id)
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value)
  return metadata
}
