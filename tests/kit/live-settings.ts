import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer } from './answers.ts'
import { clientOf } from './client.ts'
import { until } from './command.ts'
import type { Person } from './people.ts'
import type { Service } from './service.ts'

type Health = Readonly<{ status: string; checks: { configuration: { status: string; cause?: string } } }>

export async function healthOf({ healthUrl }: Pick<Service, 'healthUrl'>): Promise<Health> {
  return (await (await fetch(`${healthUrl}/health-check`)).json()) as Health
}

/** Waits until the settings of a service are those of its source, or are not. */
export const untilConfiguration = (service: Pick<Service, 'healthUrl'>, status: 'up' | 'down', timeoutMs = 20_000) =>
  until(
    `the configuration is ${status}`,
    async () => (await healthOf(service)).checks.configuration.status === status,
    timeoutMs,
  )

/** What a service answers to somebody who has not used up the limit, and which limit that is. */
export async function rateLimitOf(service: Pick<Service, 'url'>, who: Person): Promise<string | undefined> {
  const { headers }: Answer = await clientOf(service)(who, 'GET', '/v1/users/me')
  return /q=(\d+)/.exec(headers['ratelimit-policy'] ?? '')?.[1]
}

/** Waits until a service applies a limit. */
export const untilRateLimit = (service: Pick<Service, 'url'>, who: Person, limit: string, timeoutMs = 20_000) =>
  until(`the limit is ${limit}`, async () => (await rateLimitOf(service, who)) === limit, timeoutMs)

/** Between two requests. Without it, this client and the service would keep two processors busy, for no other answers. */
const PAUSE_MS = 4

/** Asks until it is stopped, and says what was answered: each status, and each limit in its order. */
export function startAsking(service: Pick<Service, 'url'>, who: Person) {
  const call = clientOf(service)
  const [statuses, limits]: [Map<number, number>, string[]] = [new Map(), []]
  let isOver = false
  const asking = (async () => {
    while (!isOver) {
      const { status, headers } = await call(who, 'GET', '/v1/users/me').catch(() => ({ status: 0, headers: {} }))
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      const [, limit = 'none'] = /q=(\d+)/.exec((headers as Answer['headers'])['ratelimit-policy'] ?? '') ?? []
      if (limits.at(-1) !== limit) limits.push(limit)
      await sleep(PAUSE_MS)
    }
  })()
  async function stop() {
    isOver = true
    await asking
    return { statuses: Object.fromEntries(statuses), limits }
  }
  return { stop, [Symbol.asyncDispose]: async () => void (await stop()) }
}

/** Replaces a file as editors and deployments do: no reader sees half of it. */
export async function replaceFile(directory: string, name: string, content: string): Promise<void> {
  await writeFile(join(directory, `${name}.new`), content)
  await rename(join(directory, `${name}.new`), join(directory, name))
}
