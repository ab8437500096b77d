import { connect } from 'node:net'

/**
 * Resolves when a server sends INFO, the greeting of NATS. If the greeting does not come, the library gives up without closing
 * its socket: each attempt would leave one open, and the process could not end.
 */
export function awaitServerInfo(url: URL, timeoutMs: number): Promise<void> {
  const socket = connect({ host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) || 4222 })
  return new Promise<void>((resolve, reject) => {
    socket.setTimeout(timeoutMs, () => reject(new Error(`no answer within ${timeoutMs} ms`)))
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('the server closed the connection')))
    socket.once('data', (bytes) => {
      if (/^INFO /.test(bytes.toString('latin1'))) resolve()
      else reject(new Error('the server does not greet as NATS does'))
    })
  }).finally(() => socket.destroy())
}
