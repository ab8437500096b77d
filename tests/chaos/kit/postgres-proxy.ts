import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { messageSplitter } from './postgres-messages.ts'

/** `unheard`: the server never gets to hear of the commit. `unanswered`: it commits, but nobody gets its answer. */
export type Cut = 'unheard' | 'unanswered'

type Trap = Readonly<{ cut: Cut; then: () => void }>

const IS_ANNOUNCING = /insert into outbox/

/** Stands in front of a PostgreSQL server and cuts the connection of a commit at the chosen moment. */
export async function startPostgresProxy(serverUrl: string) {
  const server = new URL(serverUrl)
  const sockets = new Set<Socket>()
  const traps: Trap[] = []

  const proxy = createServer((client) => {
    const upstream = connect(Number(server.port), server.hostname)
    for (const socket of [client, upstream]) {
      sockets.add(socket.setNoDelay(true))
      socket.on('error', () => {})
    }
    relay(client, upstream, () => traps.shift())
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')

  const url = new URL(serverUrl)
  url.port = String((proxy.address() as AddressInfo).port)
  return {
    url: url.href,
    /** Cuts off the next commit, then does something. */
    cutNextCommit: (cut: Cut, then: () => void = () => {}) => void traps.push({ cut, then }),
    [Symbol.asyncDispose]: async (): Promise<void> => {
      proxy.close()
      for (const socket of sockets) socket.destroy()
      await once(proxy, 'close')
    },
  }
}

function relay(client: Socket, upstream: Socket, nextTrap: () => Trap | undefined): void {
  const isCommit = commitSpotter()
  let trap: Trap | undefined
  let answer = ''
  let held = ''

  function cut(then: () => void): void {
    then()
    client.destroy()
    upstream.end()
  }

  const forward = messageSplitter((message) => {
    if (client.destroyed) return
    if (trap === undefined && isCommit(message)) {
      trap = nextTrap()
      answer = isStatement(message) ? 'COMMIT\0' : 'INSERT 0 1\0'
    }
    if (trap?.cut === 'unheard') return cut(trap.then)
    upstream.write(message)
  })
  client.on('data', forward)
  upstream.on('data', (chunk) => {
    if (trap === undefined) return void client.write(chunk)
    held += chunk.toString('latin1')
    if (held.includes(answer) && !client.destroyed) cut(trap.then)
  })
  client.on('close', () => upstream.end())
  upstream.on('close', () => client.destroy())
}

const isStatement = (message: Buffer): boolean => message[0] === 'Q'.charCodeAt(0)

/** Recognizes the message with which the server keeps a unit: COMMIT, or the execution of a single statement. */
function commitSpotter() {
  const announcing = new Set<string>()
  let isInTransaction = false
  let announces = false

  return (message: Buffer): boolean => {
    const [type, text] = [String.fromCharCode(message[0] ?? 0), message.toString('latin1', 5)]
    const [first = '', second = ''] = text.split('\0', 2)
    if (type === 'Q') isInTransaction = text.startsWith('begin')
    if (type === 'P') announcing.delete(first)
    if (type === 'P' && IS_ANNOUNCING.test(text)) announcing.add(first)
    if (type === 'B') announces = announcing.has(second)
    return type === 'Q' ? text.startsWith('commit') : type === 'E' && announces && !isInTransaction
  }
}
