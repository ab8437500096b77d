import { execFileSync } from 'node:child_process'
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
