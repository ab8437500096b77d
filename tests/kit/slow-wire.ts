import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** How long a byte travels one way; what is sent within it travels together. */
const ONE_WAY_MS = 40

/** A wire to a server on which each direction takes its time, so that round trips can be counted. */
export async function slowWire(target: URL, oneWayMs = ONE_WAY_MS) {
  const departures: number[] = []
  const sockets = new Set<Socket>()

  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {})
    }
    client.on('data', (bytes) => {
      departures.push(performance.now())
      setTimeout(() => upstream.write(bytes), oneWayMs)
    })
    upstream.on('data', (bytes) => setTimeout(() => client.write(bytes), oneWayMs))
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  const url = new URL(target)
  url.port = String((server.address() as { port: number }).port)

  return {
    url: url.href,

    /** How often `task` waited for the server: departures that are less than a way apart leave together. */
    async roundTrips(task: () => Promise<unknown>): Promise<number> {
      await sleep(3 * oneWayMs)
      departures.length = 0
      await task()
      return departures.filter((at, index) => at - (departures[index - 1] ?? 0) > oneWayMs).length
    },

    close(): void {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
