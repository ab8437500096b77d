import { ipAddress } from './networks.ts'

/** What one proxy says of the request as it came in: from whom (null: it does not say), and what for. */
export type Hop = Readonly<{ from: string | null; proto?: string; host?: string }>

const PAIR = /[ \t]*(?:([\w!#$%&'*+.^`|~-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,;"]*)))?[ \t]*(;|,|$)/gy

/**
 * The hops in the lines of `Forwarded` (RFC 7239), the nearest last. A line that cannot be read is a hop that says
 * nothing, so that nothing before it is believed.
 */
export const hopsOfForwarded = (lines: readonly string[]): readonly Hop[] => lines.flatMap(hopsInLine)

/** The hops of an `X-Forwarded-For`, the nearest last. */
export const hopsOfList = (list: string): readonly Hop[] => list.split(',').map((node) => ({ from: addressOf(node) }))

function hopsInLine(line: string): readonly Hop[] {
  const hops: Hop[] = []
  let [pairs, read] = [new Map<string, string>(), 0]
  for (const [text, name, quoted, plain = '', end] of line.matchAll(PAIR)) {
    read += text.length
    if (name !== undefined) pairs.set(name.toLowerCase(), quoted?.replaceAll(/\\(.)/g, '$1') ?? plain)
    if (end === ';') continue
    if (pairs.size > 0) hops.push(hopOf(pairs))
    if (end === '') break
    pairs = new Map()
  }
  return read === line.length ? hops : [{ from: null }]
}

function hopOf(pairs: ReadonlyMap<string, string>): Hop {
  const [proto, host] = [pairs.get('proto'), pairs.get('host')]
  return {
    from: addressOf(pairs.get('for') ?? ''),
    ...(proto === undefined ? {} : { proto }),
    ...(host === undefined ? {} : { host }),
  }
}

/** The address of a node, which may have a port, and an IPv6 one brackets; null for `unknown` and for hidden ones. */
function addressOf(node: string): string | null {
  const [, bracketed, version4] = /^(?:\[([^\]]+)\]|([\d.]+))(?::[\w.-]+)?$/.exec(node.trim()) ?? []
  return ipAddress(bracketed ?? version4 ?? node.trim())
}
