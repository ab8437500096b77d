import { join } from 'node:path'
import { startProgram } from './program.ts'
import { freePorts } from './service.ts'

/** A Redis of one suite with these arguments, such as `--requirepass sesame`; with TLS only, `rediss`. */
export async function startOddRedis(words: readonly string[], protocol: 'redis' | 'rediss' = 'redis') {
  const [port] = (await freePorts(1)) as [number]
  const listens = protocol === 'redis' ? ['--port', String(port)] : ['--port', '0', '--tls-port', String(port)]
  const program = await startProgram('redis-server', {
    port,
    files: {},
    args: (folder) => ['--bind', '127.0.0.1', '--save', '', '--dir', folder, ...listens, ...words],
  })
  return { ...program, url: `${protocol}://127.0.0.1:${port}` }
}

/** A NATS of one suite with this configuration, which may be changed later: `nats.conf` in its folder. JetStream needs a `store_dir`. */
export async function startOddNats(configuration: string) {
  const [port] = (await freePorts(1)) as [number]
  const program = await startProgram('nats-server', {
    port,
    files: { 'nats.conf': configuration },
    args: (folder) => ['-a', '127.0.0.1', '-p', String(port), '-c', join(folder, 'nats.conf')],
  })
  return { ...program, url: `nats://127.0.0.1:${port}` }
}
