import { isIP, SocketAddress } from 'node:net'

/** An IP address in its one canonical form, without a zone; a mapped one (`::ffff:10.0.0.1`) as IPv4. Null when it is none. */
export function ipAddress(text: string): string | null {
  const family = isIP(text)
  if (family !== 6) return family === 4 ? text : null
  const { address } = new SocketAddress({ address: text, family: 'ipv6' })
  return /^::ffff:(\d+(?:\.\d+){3})$/.exec(address)?.[1] ?? address
}

export const familyOf = (address: string): 'ipv4' | 'ipv6' => (address.includes(':') ? 'ipv6' : 'ipv4')
