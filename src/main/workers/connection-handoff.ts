import type { Worker } from 'node:cluster'

/** How `node:cluster` hands a connection to a worker, and how the worker confirms it. */
type Handoff = Readonly<{ act?: string; seq?: number }>
type Confirmation = Readonly<{ ack?: number }>
type Connection = Readonly<{ close: () => void }>

/**
 * When a worker ends, closes the connections that were handed to it and that it did not confirm, and hands it no more.
 * Node.js 24 forgets them and keeps them open: their clients would wait until they give up.
 */
export function closeUnconfirmedConnections(worker: Worker): void {
  const { process: child } = worker
  const unconfirmed = new Map<number, Connection>()
  const send = child.send.bind(child) as (...args: readonly unknown[]) => boolean

  child.send = (...args: readonly unknown[]) => {
    const [{ act, seq }, connection] = args as [Handoff, Connection]
    if (act === 'newconn' && seq !== undefined) unconfirmed.set(seq, connection)
    return send(...args)
  }
  child.on('internalMessage', ({ ack }: Confirmation) => ack !== undefined && unconfirmed.delete(ack))
  child.once('exit', () => {
    worker.disconnect() // While one is unconfirmed, Node.js does not notice that the channel is closed.
    for (const connection of unconfirmed.values()) connection.close()
  })
}
