import { startProgram } from './program.ts'
import { freePorts } from './service.ts'

type Server = Readonly<{ url: string; healthUrl: string }>

export type Haproxy = Awaited<ReturnType<typeof startHaproxy>>

/**
 * An HAProxy on loopback that asks each server every `intervalMs` whether it is ready, believes the second
 * answer that it is not, and repeats no request: what a server fails, its client sees.
 */
export async function startHaproxy(servers: readonly Server[], intervalMs: number) {
  const [port] = (await freePorts(1)) as [number]
  const program = await startProgram('haproxy', {
    port,
    files: { 'haproxy.cfg': configuration(port, servers, intervalMs) },
    args: (folder) => ['-db', '-f', `${folder}/haproxy.cfg`],
  })
  const url = `http://127.0.0.1:${port}`

  return {
    ...program,
    url,

    /** Which servers get requests, in their order. */
    async areUp(): Promise<readonly boolean[]> {
      const [header = '', ...rows] = (await (await fetch(`${url}/haproxy;csv`)).text()).trim().split('\n')
      const columns = header.replace(/^# /, '').split(',')
      const [name, status] = [columns.indexOf('svname'), columns.indexOf('status')]
      const statuses = new Map(rows.map((row) => row.split(',')).map((cells) => [cells[name], cells[status]]))
      return servers.map((_, index) => statuses.get(`server-${index}`) === 'UP')
    },
  }
}

const configuration = (port: number, servers: readonly Server[], intervalMs: number): string => `
global
  maxconn 2000
  nbthread 1
defaults
  mode http
  retries 0
  timeout connect 2s
  timeout client 30s
  timeout server 30s
  timeout check 1s
listen forum
  bind 127.0.0.1:${port}
  stats uri /haproxy
  balance roundrobin
  option httpchk GET /ready
  http-check expect status 200
  default-server check inter ${intervalMs}ms fall 2 rise 1
${servers
  .map(({ url, healthUrl }, index) => `  server server-${index} ${new URL(url).host} port ${new URL(healthUrl).port}`)
  .join('\n')}
`
