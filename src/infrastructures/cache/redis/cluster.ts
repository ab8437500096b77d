import type { Client } from './open-client.ts'

type Node = readonly [host: string | null, port: number, id: string]
type Range = readonly [first: number, last: number, master: Node]

/**
 * The URL of the master that has the slot of a key, made from the one of the server that is asked; null if that is the server
 * itself.
 *
 * @throws when the cluster is down, or no server has the slot
 */
export async function slotOwner(client: Client, key: string, asked: URL): Promise<URL | null> {
  const [info, slot, id, ranges] = await Promise.all([
    client.sendCommand(['CLUSTER', 'INFO']),
    client.sendCommand(['CLUSTER', 'KEYSLOT', key]),
    client.sendCommand(['CLUSTER', 'MYID']),
    client.sendCommand(['CLUSTER', 'SLOTS']),
  ])
  if (!/^cluster_state:ok/m.test(String(info))) throw new Error('The cluster is down, as a server of it says.')
  const range = (ranges as unknown as readonly Range[]).find(
    ([first, last]) => Number(slot) >= first && Number(slot) <= last,
  )
  if (range === undefined) throw new Error('No server of the cluster has the slot.')
  const [, , [host, port, owner]] = range
  return owner === String(id) ? null : withHost(asked, host || asked.hostname, port)
}

/** The same credentials and the same way, to another server. */
export function withHost(url: URL, host: string, port: number | string): URL {
  const moved = new URL(url)
  moved.search = ''
  moved.hostname = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
  moved.port = String(port)
  return moved
}
