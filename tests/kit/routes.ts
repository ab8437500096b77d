import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { Ajv, type ValidateFunction } from 'ajv'
import formats from 'ajv-formats'
import type { FastifyInstance } from 'fastify'
import type { Answer } from './answers.ts'

export type Route = Readonly<{ method: string; url: string; schema: Schema }>
type Schema = Readonly<{ body?: object; params?: object; response?: Readonly<Record<string, object>> }>

const INITIALIZATION = 'fastify.initialization'

/** Creates a server and records each route that it registers. */
export async function notingRoutes<Server>(create: () => Promise<Server>): Promise<[Server, readonly Route[]]> {
  const routes: Route[] = []
  const note = (message: unknown) => {
    const { fastify } = message as { fastify: FastifyInstance }
    fastify.addHook('onRoute', ({ method, url, schema = {} }) => {
      for (const name of [method].flat()) routes.push({ method: name, url, schema: schema as Schema })
    })
  }

  subscribe(INITIALIZATION, note)
  try {
    return [await create(), routes]
  } finally {
    unsubscribe(INITIALIZATION, note)
  }
}

/** A body that nothing is wrong with, if the route takes one: the example of its schema. */
export function exampleBody(routes: readonly Route[], method: string, url: string): object | undefined {
  const body = routes.find((route) => route.method === method && route.url === url)?.schema.body
  return (body as Readonly<{ examples: readonly object[] }> | undefined)?.examples[0]
}

const ajv = new Ajv({ strictSchema: false, allErrors: true })
formats.default(ajv)

/** What was compiled, for all servers of this process: most of their schemas are the same objects. */
const proofs = new WeakMap<object, ValidateFunction>()

function proofOf(schema: object): ValidateFunction {
  const known = proofs.get(schema)
  if (known !== undefined) return known
  const proof = ajv.compile(closed(schema) as object)
  proofs.set(schema, proof)
  return proof
}

/** Proves answers against the schemas of their routes, to which nothing may be added. */
export function answerProver(routes: readonly Route[]) {
  return (method: string, url: string, { status, headers, text }: Answer): void => {
    const route = routes.find((one) => one.method === method && matches(one.url, url.split('?', 1)[0] ?? ''))
    if (route?.schema.response === undefined) return
    const schema = schemaOf(route.schema.response[status], headers['content-type'])
    assert.ok(schema, `${method} ${route.url} does not document ${status}`)
    if (text === '') return
    const proof = proofOf(schema)
    assert.ok(proof(JSON.parse(text)), `${method} ${route.url} ${status}: ${ajv.errorsText(proof.errors)} in ${text}`)
  }
}

const matches = (pattern: string, path: string): boolean =>
  new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll(/:\w+/g, '[^/]+')}$`).test(path)

function schemaOf(documented: object | undefined, type = ''): object | undefined {
  if (documented === undefined || !('content' in documented)) return documented
  const content = documented.content as Record<string, { schema: object }>
  return content[type.split(';', 1)[0] ?? '']?.schema
}

/** The same schema, of which every object takes nothing else. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]))
  return inner['type'] === 'object' ? { additionalProperties: false, ...inner } : inner
}
