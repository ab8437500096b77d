import { execFile } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

export type PostgresNode = ReturnType<typeof postgresNode>

const HOST = '127.0.0.1'
const BIN = globSync('/usr/lib/postgresql/*/bin').sort().at(-1) ?? ''

/** PostgreSQL refuses to run as root: then it runs as its own user. */
const AS_SERVER = process.getuid?.() === 0 ? ['runuser', '-u', 'postgres', '--'] : []

/** One server of a pair, in a folder below `parent`, which the server's user may write. It is called by its name in replication. */
export function postgresNode(parent: string, name: string, port: number) {
  const data = join(parent, name)
  const url = `postgres://postgres@${HOST}:${port}/postgres`

  async function run(program: string, ...args: readonly string[]): Promise<void> {
    const [command = '', ...rest] = [...AS_SERVER, join(BIN, program), ...args]
    await promisify(execFile)(command, rest, { cwd: parent })
  }

  return {
    name,
    port,
    url,

    create: () => run('initdb', '-D', data, '-U', 'postgres', '--auth=trust', '-E', 'UTF8', '--locale=C.UTF-8', '-N'),

    /** Replaces what it has by a copy of the primary, which it follows once it is started. */
    async copy({ port }: Readonly<{ port: number }>): Promise<void> {
      await rm(data, { recursive: true, force: true })
      const from = ['-h', HOST, '-p', String(port), '-U', 'postgres']
      await run('pg_basebackup', ...from, '-D', data, '-R', '--checkpoint=fast', '--no-sync')
    },

    start(): Promise<void> {
      const settings = { listen_addresses: HOST, unix_socket_directories: '', cluster_name: name, max_connections: 100 }
      const options = Object.entries(settings).map(([key, value]) => `-c ${key}=${value}`)
      const server = ['-D', data, '-l', join(parent, `${name}.log`), '-o', `-p ${port} ${options.join(' ')}`]
      return run('pg_ctl', 'start', '--silent', '--wait', '--timeout=60', ...server)
    },

    promote: () => run('pg_ctl', 'promote', '--silent', '--wait', '--timeout=30', '-D', data),

    /** SIGKILL to it and its children. */
    kill(): void {
      const [pid] = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')
      const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')
      for (const each of [pid, ...children]) if (each) killProcess(Number(each))
    },
  }
}

/** A child of a server that was killed may have ended by itself. */
function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
