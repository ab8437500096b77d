import { InvalidInput } from '../../../domains/errors/input-errors.ts'
import type { IdempotentRequest } from '../../../domains/services/idempotency.ts'
import { fingerprintOf, KEY } from '../../api/idempotency.ts'
import type { Call } from '../service.ts'

const REQUEST_ID = new RegExp(KEY)

type Operation = Readonly<{
  /** The operation and its input, by the names that REST gives them: a request may be repeated over either. */
  name: string
  input: Readonly<Record<string, string>>
}>

/** The request as one that may come again, if it has an id. @throws {InvalidInput} */
export function parseIdempotencyKey(requestId: string, { name, input }: Operation): IdempotentRequest | null {
  if (requestId === '') return null
  if (!REQUEST_ID.test(requestId)) throw new InvalidInput('requestId', 'must be 1 to 255 visible ASCII characters')
  return { key: requestId, fingerprint: fingerprintOf(name, input, (field) => field.endsWith('Id')) }
}

/** Tells the caller whether the response is a replay. */
export function setReplayedHeader(call: Call, isReplay: boolean): void {
  if (isReplay) call.addTrailer('idempotency-replayed', 'true')
}
