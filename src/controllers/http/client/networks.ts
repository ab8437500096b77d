import { BlockList, isIP, SocketAddress } from 'node:net'

/** An IP address in its one canonical form, without a zone; a mapped one (`::ffff:10.0.0.1`) as IPv4. Null when it is none. */
export function ipAddress(text: string): string | null {
  const family = isIP(text)
  if (family !== 6) return family === 4 ? text : null
  const { address } = new SocketAddress({ address: text, family: 'ipv6' })
  return /^::ffff:(\d+(?:\.\d+){3})$/.exec(address)?.[1] ?? address
}

const familyOf = (address: string): 'ipv4' | 'ipv6' => (address.includes(':') ? 'ipv6' : 'ipv4')

/** The addresses that share their first `prefix` bits with this one. */
export type Network = Readonly<{ address: string; prefix: number }>

const MAPPED_BITS = 96

/** Reads an address, or a network such as `10.0.0.0/8`. Null when it is neither. */
export function parseNetwork(text: string): Network | null {
  const [, host = '', bits] = /^([^/%]+)(?:\/(0|[1-9]\d{0,2}))?$/.exec(text) ?? []
  const address = ipAddress(host)
  if (address === null) return null

  const written = bits === undefined ? sizeOf(host) : Number(bits)
  const prefix = written - (sizeOf(host) - sizeOf(address))
  return prefix >= 0 && prefix <= sizeOf(address) ? { address, prefix } : null
}

/** A mapped address is written in 128 bits and means 32. */
const sizeOf = (address: string): number => (familyOf(address) === 'ipv6' ? 32 + MAPPED_BITS : 32)

/** Tells whether a canonical address lies in one of the networks. */
export function matcherOf(networks: readonly Network[]): (address: string) => boolean {
  const list = new BlockList()
  for (const { address, prefix } of networks) list.addSubnet(address, prefix, familyOf(address))
  return (address) => list.check(address, familyOf(address))
}
