import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** A connection on which a test says what it likes; whatever befalls it is no failure of the test. */
export function openSocket(url: string): Socket {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  return socket.on('error', () => {})
}

export const headOf = (
  url: string,
  method: string,
  path: string,
  token: string,
  headers: readonly string[] = [],
): string =>
  [
    `${method} ${path} HTTP/1.1`,
    `Host: ${new URL(url).host}`,
    `Authorization: Bearer ${token}`,
    ...headers,
    '',
    '',
  ].join('\r\n')

/** A request whose body is only half sent until `finish`. */
export async function openSlowRequest(url: string, token: string, text: string) {
  const body = JSON.stringify({ text })
  const [half, rest] = [body.slice(0, body.length / 2), body.slice(body.length / 2)]
  const socket = openSocket(url)
  await once(socket, 'connect')
  const headers = ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`]
  socket.write(`${headOf(url, 'POST', '/v1/posts', token, headers)}${half}`)

  let answer = ''
  socket.on('data', (chunk) => {
    answer += chunk
  })
  return {
    /** Sends the rest, and says with which status it was answered; 0 when it was not. */
    async finish(): Promise<number> {
      const end = once(socket, 'close')
      socket.write(rest)
      while (!socket.closed && !answer.includes('\r\n\r\n')) await Promise.race([once(socket, 'data'), end])
      socket.destroy()
      return Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0)
    },
    drop: () => socket.destroy(),
  }
}
