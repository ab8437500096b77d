import { InvalidInput } from '../../domains/errors/input-errors.ts'
import { CallError } from './errors.ts'
import { isComplete } from './wire-format.ts'

const REPLACEMENT = '\ufffd'

/** Reads the message of a request. @throws {CallError} when it is none @throws {InvalidInput} for text that is not UTF-8 */
export function readRequest(bytes: Buffer, deserialize: (bytes: Buffer) => object): object {
  const request = deserialized(bytes, deserialize)
  for (const [field, value] of Object.entries(request)) {
    if (typeof value === 'string' && value.includes(REPLACEMENT) && !bytes.includes(value)) {
      throw new InvalidInput(field, 'must be well-formed Unicode without NUL')
    }
  }
  return request
}

function deserialized(bytes: Buffer, deserialize: (bytes: Buffer) => object): object {
  if (!isComplete(bytes)) throw new CallError('malformed-request')
  try {
    return deserialize(bytes)
  } catch {
    throw new CallError('malformed-request')
  }
}
