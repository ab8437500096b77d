import { startFaultProxy } from '../kit/fault-proxy.ts'
import type { Service } from '../kit/service.ts'
import type { Queue } from './queues.ts'
import { ENGINES, openWorld } from './world.ts'

export const [, POSTGRES] = ENGINES

/** A world whose queue knows nothing of this service yet, and will not. */
export async function openEventWorld(queue: Queue) {
  await using opening = new AsyncDisposableStack()
  await queue.clean() // what a run that was killed has left
  opening.defer(queue.clean)
  const world = opening.use(await openWorld(POSTGRES))
  const wire = opening.use(await startFaultProxy(new URL(queue.url)))
  const opened = opening.move()
  return {
    ...world,
    wire,
    start: (more: Readonly<Record<string, string>> = {}) => world.start({ QUEUE_URL: wire.url, ...more }),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

/** Health as the page tells it: its status, and of each part its status and its figures. */
export async function healthOf({ healthUrl }: Service) {
  const answer = await fetch(`${healthUrl}/health-check`)
  const { status, checks } = (await answer.json()) as {
    status: string
    checks: Record<string, Record<string, unknown>>
  }
  return { code: answer.status, status, queue: checks['queue'] ?? {}, outbox: checks['outbox'] ?? {} }
}
