import assert from 'node:assert/strict'
import { type Client, clientOf } from '../kit/client.ts'
import { runCommand, until } from '../kit/command.ts'
import { openFgaUrl } from '../kit/engines.ts'
import { startFaultProxy } from '../kit/fault-proxy.ts'
import { freshOpenFgaStore } from '../kit/openfga.ts'
import { ownEngine } from '../kit/own-engine.ts'
import type { Person } from '../kit/people.ts'
import { ENGINES, type Engine, type Env, openWorld } from './world.ts'

const [SQLITE] = ENGINES
const HELLO = { body: { text: 'Hello.' } }
const CALL = /(?:GET|POST|DELETE) \/stores\/\w+\/([\w-]+)/g

/** A wire to OpenFGA that counts the calls on it. */
export async function openCountedStore() {
  await using opening = new AsyncDisposableStack()
  const store = opening.use(await freshOpenFgaStore())
  const calls: string[] = []
  const proxy = opening.use(
    await startFaultProxy(new URL(openFgaUrl ?? ''), (bytes) => {
      for (const [, call = ''] of bytes.toString('latin1').matchAll(CALL)) calls.push(call)
    }),
  )

  /** The status of a request, and what it asked on its way: what makes the tuples follow asks nothing. */
  async function checksOf(request: () => Promise<{ status: number }>): Promise<readonly number[]> {
    const before = calls.filter((name) => name === 'check').length
    const { status } = await request()
    return [status, calls.filter((name) => name === 'check').length - before]
  }

  const opened = opening.move()
  return {
    calls,
    checksOf,
    tuples: store.tuples,
    setting: store.setting.replace(new URL(openFgaUrl ?? '').host, new URL(proxy.url).host),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

/** A server and a store in it, a service that asks it, and its commands. */
export async function openStage(settings: Env = {}, database: Engine = SQLITE) {
  await using opening = new AsyncDisposableStack()
  const engine = opening.use(await ownEngine('openfga'))
  await engine.start()
  const store = await freshOpenFgaStore({ server: engine.url })
  const world = opening.use(await openWorld(database))
  const env = { ...world.env, AUTHORIZATION_URL: store.setting, ...settings }
  const service = opening.use(await world.start(env))
  const command = (...words: readonly string[]) => runCommand(words, { directory: world.directory, env })

  const opened = opening.move()
  return {
    ...world,
    engine,
    store,
    service,
    call: clientOf(service),
    command,
    /** Waits until the tuples are those of the store. */
    settled: () =>
      until(
        'the tuples follow the store',
        async () => (await command('authorization-rebuild', '--check')).code === 0,
        30_000,
      ),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

/** The path of a new post. */
export async function write(call: Client, author: Person): Promise<string> {
  const { status, headers } = await call(author, 'POST', '/v1/posts', HELLO)
  assert.equal(status, 201)
  return headers['location'] ?? ''
}
