import { startProgram } from './program.ts'
import { freePorts } from './service.ts'

type Start = Readonly<{
  /** The server behind it. */
  server: URL
  mode: 'session' | 'transaction' | 'statement'
  /** So many connections to the server for each database. */
  poolSize?: number
  /** More lines of its configuration. */
  settings?: string
}>

/** A PgBouncer on loopback, with the defaults of its package but for what is said, in front of every database of a server. */
export async function startPgBouncer({ server, mode, poolSize = 20, settings = '' }: Start) {
  const [port] = (await freePorts(1)) as [number]
  const isRoot = process.getuid?.() === 0 // as whom it refuses to run
  const program = await startProgram('pgbouncer', {
    port,
    files: {
      'pgbouncer.ini': configuration(port, server, [
        `pool_mode = ${mode}`,
        `default_pool_size = ${poolSize}`,
        settings,
      ]),
    },
    args: (folder) => [...(isRoot ? ['-u', 'postgres'] : []), `${folder}/pgbouncer.ini`],
  })
  return {
    ...program,
    /** The address of a database through it. */
    through: (url: string): string => Object.assign(new URL(url), { hostname: '127.0.0.1', port: String(port) }).href,
  }
}

const configuration = (port: number, server: URL, settings: readonly string[]): string => `
[databases]
* = host=${server.hostname} port=${server.port} user=${server.username}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
${settings.join('\n')}
`
