import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { StoreChoice } from '../../../src/infrastructures/store/open-store.ts'
import { relayMongodb } from './mongodb-proxy.ts'
import { relayPostgres } from './postgres-proxy.ts'

/** `unheard`: the server never receives the commit. `unanswered`: it commits, but the client gets no answer. */
export type Cut = 'unheard' | 'unanswered'

export type Trap = Readonly<{ cut: Cut; then: () => void }>

/** A client's connection, and that to the server. To cut it ends both, once something else is done. */
export type Wire = Readonly<{ client: Socket; upstream: Socket; cut: (then: () => void) => void }>

/** Carries what a client and a server of one protocol say, and takes a trap for each new commit. */
export type Relay = (wire: Wire, nextTrap: () => Trap | undefined) => void

export type ProxiedChoice = Extract<StoreChoice, { kind: 'postgres' | 'mongodb' }>

export const isProxied = (choice: StoreChoice): choice is ProxiedChoice =>
  choice.kind === 'postgres' || choice.kind === 'mongodb'

export const startPostgresProxy = (url: string) => startCommitProxy({ kind: 'postgres', url })

/** Stands in front of a database server and cuts the connection of a commit at the chosen moment. */
export async function startCommitProxy({ kind, url: serverUrl }: ProxiedChoice) {
  const server = new URL(serverUrl)
  const sockets = new Set<Socket>()
  const traps: Trap[] = []
  const relay = kind === 'postgres' ? relayPostgres() : relayMongodb()

  const proxy = createServer((client) => {
    const upstream = connect(Number(server.port), server.hostname)
    for (const socket of [client, upstream]) {
      sockets.add(socket.setNoDelay(true))
      socket.on('error', () => {})
    }
    client.on('close', () => upstream.end())
    upstream.on('close', () => client.destroy())
    const cut = (then: () => void): void => {
      then()
      client.destroy()
      upstream.end()
    }
    relay({ client, upstream, cut }, () => traps.shift())
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')

  const url = new URL(serverUrl)
  url.port = String((proxy.address() as AddressInfo).port)
  if (kind === 'mongodb') url.searchParams.set('directConnection', 'true') // else the client asks the server where it is
  return {
    url: url.href,
    /** Cuts off the next commit, and whatever repeats it, then does something. */
    cutNextCommit: (cut: Cut, then: () => void = () => {}) => void traps.push({ cut, then }),
    [Symbol.asyncDispose]: async (): Promise<void> => {
      proxy.close()
      for (const socket of sockets) socket.destroy()
      await once(proxy, 'close')
    },
  }
}
