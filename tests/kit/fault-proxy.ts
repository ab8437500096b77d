import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

/**
 * Network faults: connections are refused, no bytes pass, replies wait until the fault is cleared, all bytes are delayed,
 * connections are reset, replies are garbage.
 */
export type Fault = 'pass' | 'refuse' | 'blackhole' | 'late' | 'reset' | 'garbage' | Readonly<{ delayMs: number }>

export type FaultProxy = Awaited<ReturnType<typeof startFaultProxy>>

/**
 * A proxy in front of a server that injects faults into existing and new connections, and clears them again. `listen` gets all
 * bytes of requests; `alter` may replace the bytes of replies.
 */
export async function startFaultProxy(
  target: URL,
  listen: (bytes: Buffer) => void = () => {},
  alter?: (bytes: Buffer) => Buffer,
) {
  const sockets = new Set<Socket>()
  const held: (() => void)[] = []
  let fault: Fault = 'pass'

  function carry(from: Socket, to: Socket, isAnswer: boolean): void {
    sockets.add(from.setNoDelay(true))
    from.on('error', () => {})
    from.on('close', () => {
      sockets.delete(from)
      to.destroy()
    })
    from.on('data', (said) => {
      if (fault === 'blackhole') return
      const bytes = isAnswer ? altered(said) : said
      if (!isAnswer) listen(bytes)
      if (fault === 'late' && isAnswer) held.push(() => to.write(bytes))
      else if (typeof fault === 'object') setTimeout(() => to.write(bytes), fault.delayMs)
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

  let server: Server | null = await serve(accept, 0)
  const { port } = server.address() as { port: number }
  const url = new URL(target)
  url.hostname = '127.0.0.1'
  url.port = String(port)
  const altered = alter ?? (target.protocol === 'kafka:' ? readdressed(Number(target.port), port) : (bytes) => bytes)

  async function set(next: Fault): Promise<void> {
    const hasSwallowed = fault === 'blackhole' && next !== 'blackhole' // no connection goes on with a hole in it
    fault = next
    for (const release of held.splice(0)) release()
    if (hasSwallowed || next === 'refuse' || next === 'reset') for (const socket of sockets) cut(socket)
    if (next === 'refuse') {
      server?.close()
      server = null
    } else server ??= await serve(accept, port)
  }

  const close = () => set('refuse')
  return {
    url: url.href,
    set,
    /** How many answers wait until it heals. */
    held: () => held.length,
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** Kafka's brokers send their addresses to clients: replaces them by that of the proxy. */
function readdressed(from: number, to: number): (bytes: Buffer) => Buffer {
  const place = Buffer.from('127.0.0.1\0\0\0\0')
  place.writeInt32BE(from, place.length - 4)
  return (bytes) => {
    const copy = Buffer.from(bytes)
    for (let at = copy.indexOf(place); at >= 0; at = copy.indexOf(place, at + 1)) {
      copy.writeInt32BE(to, at + place.length - 4)
    }
    return copy
  }
}

/** A socket that is being shut down cannot be reset any more (`EINVAL`): Node.js 24 would lose it, and never exit. */
function cut(socket: Socket): void {
  if (socket.writableEnded) socket.destroy()
  else socket.resetAndDestroy()
}

async function serve(accept: (client: Socket) => void, port: number): Promise<Server> {
  const server = createServer(accept).listen(port, '127.0.0.1')
  await once(server, 'listening')
  return server
}
