import { createHmac, timingSafeEqual } from 'node:crypto'

const HEX = /^[\da-f]{64}$/

/** Whether the text is the HMAC-SHA256 of exactly these bytes, in lower-case hex. Takes as long for every wrong one. */
export function isSignedBy(secret: string, bytes: Uint8Array, signature: unknown): boolean {
  const given = Buffer.alloc(32)
  if (typeof signature === 'string' && HEX.test(signature)) given.write(signature, 'hex')
  return timingSafeEqual(createHmac('sha256', secret).update(bytes).digest(), given)
}
