import { createHash } from 'node:crypto'
import { boundedText } from '../../domains/entities/text.ts'

/** The claims of a development token about its bearer. */
export type AccountClaims = Readonly<{
  sub: string
  preferred_username: string
  name: string
  email: string
  realm_access: Readonly<{ roles: readonly string[] }>
}>

const NAMESPACE = Buffer.from('6f1d2a3c5b7e4f809a1bc2d3e4f50617', 'hex')
const Username = boundedText<string>('username', 64)

/**
 * Any name is an account, the same in any letter case, so accounts need not be stored.
 *
 * @throws {InvalidInput} when the username has not 1 to 64 characters
 */
export function accountClaims(rawUsername: string, roles: readonly string[]): AccountClaims {
  const username = Username.parse(rawUsername)
  const account = username.normalize().toLowerCase()
  return {
    sub: uuidOf(account),
    preferred_username: username,
    name: username,
    email: `${encodeURIComponent(account)}@example.org`,
    realm_access: { roles },
  }
}

/** UUID version 5 (RFC 9562, section 5.5). */
function uuidOf(name: string): string {
  const bytes = createHash('sha1').update(NAMESPACE).update(name).digest().subarray(0, 16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
