import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { describe, it } from 'node:test'
import { startService } from '../kit/service.ts'

const CONNECTIONS = 1_500
const TIMEOUT_MS = 10_000

const LIMIT = '/proc/sys/net/core/somaxconn'
const skip = !existsSync(LIMIT)
  ? 'only Linux says how long a listen queue may be'
  : Number(readFileSync(LIMIT, 'utf8')) < CONNECTIONS && 'net.core.somaxconn is too small'

describe('a burst of connections', { skip }, () => {
  it('waits in the listen queue while the service is busy, and is answered', async () => {
    await using service = await startService()
    const { hostname, port } = new URL(service.url)

    process.kill(service.pid as number, 'SIGSTOP')
    const sockets = Array.from({ length: CONNECTIONS }, () => connect(Number(port), hostname).setEncoding('utf8'))
    const late = AbortSignal.timeout(TIMEOUT_MS)
    const connected = await Promise.allSettled(sockets.map((socket) => once(socket, 'connect', { signal: late })))
    process.kill(service.pid as number, 'SIGCONT')
    assert.equal(connected.filter(({ status }) => status === 'rejected').length, 0, 'connections that did not fit')

    const answers = sockets.map((socket) =>
      once(
        socket.on('error', () => {}),
        'data',
      ),
    )
    for (const socket of sockets) socket.write('GET / HTTP/1.0\r\nConnection: close\r\n\r\n')
    const heads = await Promise.all(answers)
    assert.ok(heads.every(([text]) => /^HTTP\/1\.1 (?:200|503) /.test(text)))
    for (const socket of sockets) socket.destroy()
  })
})
