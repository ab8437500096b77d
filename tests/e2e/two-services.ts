import { redisUrl, skipWithout } from '../kit/engines.ts'
import { readStats } from '../kit/metrics.ts'
import { ownEngine, skipWithoutOwn } from '../kit/own-engine.ts'
import type { Service } from '../kit/service.ts'
import { ENGINES, type Env, openWorld, type World } from './world.ts'

const [, POSTGRES] = ENGINES

/** Two processes of the service that share a PostgreSQL, a NATS and a Redis. */
export async function openShared(more: Env = {}) {
  await using opening = new AsyncDisposableStack()
  const world = opening.use(await openWorld(POSTGRES))
  const nats = opening.use(await ownEngine('nats'))
  await nats.start()
  const services = { CACHE_URL: redisUrl ?? '', QUEUE_URL: nats.url }
  const two = opening.use(await startTwo(world, { ...services, ...more }))
  const opened = opening.move()
  return { world, ...two, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

export async function startTwo({ start }: World, env: Env) {
  await using opening = new AsyncDisposableStack()
  const a = opening.use(await start(env))
  const b = opening.use(await start(env))
  const opened = opening.move()
  return { a, b, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

/** A figure of each. */
export const statsOf = (services: readonly Service[], name: string): Promise<readonly number[]> =>
  Promise.all(services.map(async (service) => (await readStats(service))[name] ?? Number.NaN))

/** Where they cannot share. */
export const skipShared = POSTGRES.skip || skipWithout('redis') || skipWithoutOwn('nats')
