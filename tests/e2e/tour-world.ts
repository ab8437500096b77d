import { after, before } from 'node:test'
import { type Client, clientOf } from '../kit/client.ts'
import type { Service } from '../kit/service.ts'
import { type ALL_ENGINES, openWorld, type World } from './world.ts'

/** A service for one suite, on one engine. */
export function useTour(engine: (typeof ALL_ENGINES)[number]) {
  let [world, service, client]: [World?, Service?, Client?] = []
  before(async () => {
    world = await openWorld(engine)
    service = await world.start()
    client = clientOf(service)
  })
  after(async () => {
    await service?.[Symbol.asyncDispose]()
    await world?.[Symbol.asyncDispose]()
  })

  const call: Client = (...args) => (client as Client)(...args)
  return {
    world: () => world as World,
    service: () => service as Service,
    call,
    /** A new post of Alice's. */
    write: async (text: string) => (await call((world as World).alice, 'POST', '/v1/posts', { body: { text } })).body,
  }
}
