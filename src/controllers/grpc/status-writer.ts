import { Metadata } from '@grpc/grpc-js'
import { loadErrorModel, messageOf } from './definitions.ts'
import type { Failure } from './errors.ts'

/** A failure as it is sent: the status, and `google.rpc.Status` with its details in the trailer (AIP-193). */
export type StatusWriter = (failure: Failure) => { code: number; details: string; metadata: Metadata }

/** Who gives the reasons their meaning. */
const DOMAIN = 'forum'

export function createStatusWriter(): StatusWriter {
  const model = loadErrorModel()
  const status = messageOf(model, 'google.rpc.Status')

  const detail = (type: string, value: object) => ({
    type_url: `type.googleapis.com/${type}`,
    value: messageOf(model, type).serialize(value),
  })

  function* detailsOf({ code, violations, retryAfterSeconds }: Failure) {
    yield detail('google.rpc.ErrorInfo', { reason: reasonOf(code), domain: DOMAIN })
    if (violations.length > 0) yield detail('google.rpc.BadRequest', { fieldViolations: violations })
    if (retryAfterSeconds !== null) {
      yield detail('google.rpc.RetryInfo', { retryDelay: { seconds: retryAfterSeconds } })
    }
  }

  return (failure) => {
    const { status: code, message } = failure
    const metadata = new Metadata()
    const details = [...detailsOf(failure)]
    metadata.set('grpc-status-details-bin', status.serialize({ code, message, details }))
    return { code, details: message, metadata }
  }
}

/** `POST_NOT_FOUND` of `post-not-found`. */
const reasonOf = (code: string): string => code.toUpperCase().replaceAll('-', '_')
