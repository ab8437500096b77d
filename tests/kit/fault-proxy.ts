import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

/**
 * What can be wrong with a network: nobody listens, nothing comes through, everything takes its time, connections are
 * reset, answers are garbage.
 */
export type Fault = 'pass' | 'refuse' | 'blackhole' | 'reset' | 'garbage' | Readonly<{ delayMs: number }>

/** A wire to a server that can be made to fail, for connections that exist and for new ones, and heals again. */
export async function startFaultProxy(target: URL) {
  const sockets = new Set<Socket>()
  let fault: Fault = 'pass'

  function carry(from: Socket, to: Socket, isAnswer: boolean): void {
    sockets.add(from)
    from.on('error', () => {})
    from.on('close', () => {
      sockets.delete(from)
      to.destroy()
    })
    from.on('data', (bytes) => {
      if (fault === 'blackhole') return
      if (typeof fault === 'object') setTimeout(() => to.write(bytes), fault.delayMs)
      else to.write(isAnswer && fault === 'garbage' ? randomBytes(bytes.length) : bytes)
    })
  }

  function accept(client: Socket): void {
    if (fault === 'reset') {
      client.on('error', () => {})
      client.resetAndDestroy()
      return
    }
    const upstream = connect(Number(target.port), target.hostname)
    carry(client, upstream, false)
    carry(upstream, client, true)
  }

  let server: Server | null = await listen(accept, 0)
  const { port } = server.address() as { port: number }
  const url = new URL(target)
  url.hostname = '127.0.0.1'
  url.port = String(port)

  async function set(next: Fault): Promise<void> {
    fault = next
    if (next === 'refuse') {
      server?.close()
      server = null
    } else server ??= await listen(accept, port)
    if (next === 'refuse' || next === 'reset') for (const socket of sockets) socket.resetAndDestroy()
  }

  return { url: url.href, set, close: () => set('refuse') }
}

async function listen(accept: (client: Socket) => void, port: number): Promise<Server> {
  const server = createServer(accept).listen(port, '127.0.0.1')
  await once(server, 'listening')
  return server
}
