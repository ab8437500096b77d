import { connect, createServer, type Socket } from 'node:net'

/** A wire to a server that can be cut, and can go silent: what is sent is then neither delivered nor refused. */
export async function openWire(target: URL) {
  const sockets = new Set<Socket>()
  let isSilent = false
  let isCut = false

  function pass(from: Socket, to: Socket): void {
    sockets.add(from)
    from.on('error', () => {})
    from.on('data', (bytes) => {
      if (!isSilent) to.write(bytes)
    })
    from.on('close', () => {
      sockets.delete(from)
      to.destroy()
    })
  }

  const server = createServer((client) => {
    if (isCut) return void client.resetAndDestroy()
    const upstream = connect(Number(target.port), target.hostname)
    pass(client, upstream)
    pass(upstream, client)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(target)
  url.port = String((server.address() as { port: number }).port)

  return {
    url: url.href,

    cut(): void {
      isCut = true
      for (const socket of sockets) socket.destroy()
    },

    silence(): void {
      isSilent = true
    },

    mend(): void {
      for (const socket of isSilent ? sockets : []) socket.destroy()
      isCut = false
      isSilent = false
    },

    close(): void {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
