import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { PRODUCT } from '../../src/patterns/product.ts'
import { readStats } from './metrics.ts'
import type { Service } from './service.ts'

/** The processes that share the ports of a service, the oldest first. */
export const workersOf = ({ pid }: Pick<Service, 'pid'>): readonly number[] =>
  execFileSync('ps', ['--ppid', String(pid), '--sort', 'start_time,pid', '-o', 'pid='], { encoding: 'utf8' })
    .trim()
    .split(/\s+/)
    .map(Number)

/** How many serve, as the service itself says. */
export const countWorkers = async (service: Pick<Service, 'healthUrl'>): Promise<number> =>
  (await readStats(service))[`${PRODUCT.metrics}workers`] ?? 0

/** The ports of the clients whose connections to a URL a process holds, as Linux knows them. */
export function clientPortsOf(pid: number, url: string): ReadonlySet<number> {
  const held = new Set(readdirSync(`/proc/${pid}/fd`).map((fd) => linkOf(`/proc/${pid}/fd/${fd}`)))
  const served = Number(new URL(url).port)
  const connections = readFileSync('/proc/net/tcp', 'utf8').trim().split('\n').slice(1)

  return new Set(
    connections
      .map((line) => line.trim().split(/\s+/))
      .filter(([, local = '', , , , , , , , inode]) => portIn(local) === served && held.has(`socket:[${inode}]`))
      .map(([, , remote = '']) => portIn(remote)),
  )
}

const portIn = (address: string): number => Number.parseInt(address.split(':')[1] ?? '', 16)

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return '' // It was closed meanwhile.
  }
}
