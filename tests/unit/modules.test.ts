import assert from 'node:assert/strict'
import { globSync } from 'node:fs'
import { describe, it } from 'node:test'
import { AUTHORIZATION } from '../../src/controllers/events/permission-consumer.ts'
import { consumerNames } from '../../src/main/authorization.ts'
import { readConfig } from '../../src/main/config.ts'
import { CONSUMER_NAMES } from '../../src/main/modules.ts'
import { setUp } from '../fixtures.ts'
import { modulesOver, openForum } from '../kit/http.ts'

const EVENTS = globSync('*-events.ts', { cwd: new URL('../../src/domains/events/', import.meta.url) })
type EventTypes = Readonly<Record<string, Readonly<Record<string, Readonly<{ type: string }>>>>>

const { http, consumers } = modulesOver(setUp().store)

describe('the modules of the service', () => {
  for (const { tag, routes, openRoutes } of http) {
    it(`${tag.name} is documented under its own heading, with every route`, async () => {
      await using forum = await openForum({ modules: [{ tag, routes, openRoutes }] })
      const own = forum.routes.filter(({ url }) => url.startsWith('/v1/'))

      assert.ok(own.length > 0, 'it has routes')
      for (const { url, schema } of own) assert.deepEqual((schema as { tags?: unknown }).tags, [tag.name], url)
    })
  }

  it('are each known to the message queue before they consume', () => {
    assert.deepEqual(
      consumers.map(({ name }) => name),
      CONSUMER_NAMES,
    )
  })

  it('are the only ones that consume, unless an engine is to follow the store', () => {
    const namesWith = (variables: Readonly<Record<string, string>>) => consumerNames(readConfig(variables, false))

    assert.deepEqual(namesWith({}), CONSUMER_NAMES)
    assert.deepEqual(namesWith({ AUTHORIZATION_URL: 'openfga://fga' }), [...CONSUMER_NAMES, AUTHORIZATION.name])
  })

  it('consume only events that exist', async () => {
    const published: EventTypes[] = await Promise.all(EVENTS.map((file) => import(`../../src/domains/events/${file}`)))
    const events = published.flatMap((module) => Object.values(module)).flatMap((types) => Object.values(types))
    const types = new Set(events.map(({ type }) => type))
    assert.ok(types.has('post.written'))

    for (const { name, handlers } of consumers) {
      for (const type of Object.keys(handlers)) assert.ok(types.has(type), `${name} waits for ${type}`)
    }
  })
})
