import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A way to a server that can be closed as if the server were killed, and opened again on the same port. */
export async function openGate(target: Readonly<{ host: string; port: number }>) {
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(target)
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket)
      socket
        .on('error', () => {})
        .on('close', () => {
          sockets.delete(socket)
          other.destroy()
        })
      socket.pipe(other)
    }
  })

  const listen = async (port: number): Promise<number> => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }

  const close = async (): Promise<void> => {
    server.close()
    for (const socket of sockets) socket.resetAndDestroy()
  }

  const port = await listen(0)
  return { port, close, open: () => listen(port), [Symbol.asyncDispose]: close }
}
