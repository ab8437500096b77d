import assert from 'node:assert/strict'
import { until } from './command.ts'
import { ownEngine } from './own-engine.ts'

/** The token that may do everything where there are access control lists. */
const ROOT_TOKEN = 'e95b599e-166e-7d80-08ad-aee76e7ddf19'

/** Options of a server that denies reads by default. */
export const ACCESS_CONTROL = `-hcl=${JSON.stringify({
  acl: { enabled: true, default_policy: 'deny', tokens: { master: ROOT_TOKEN } },
})}`

/** A Consul of its own that runs, and how its keys are written. */
export async function startConsul(options = '') {
  const engine = await ownEngine('consul', { CONSUL_OPTIONS: options })
  const { host } = new URL(engine.url)

  async function call(method: string, path: string, body?: string): Promise<unknown> {
    const init = { method, headers: { 'x-consul-token': ROOT_TOKEN }, ...(body === undefined ? {} : { body }) }
    const response = await fetch(`http://${host}/v1/${path}`, init)
    const text = await response.text()
    assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`)
    return text === '' ? null : JSON.parse(text)
  }

  /** Starts it, and waits until it takes writes: after a restart it names its old leader until it has elected one. */
  async function start(): Promise<void> {
    await engine.start()
    const isWritable = () =>
      call('PUT', 'kv/started', '').then(
        () => true,
        () => false,
      )
    await until('Consul takes writes', isWritable)
  }

  await start()
  return {
    ...engine,
    start,
    call,
    put: async (key: string, value: string) => void (await call('PUT', `kv/${key}`, value)),
    remove: async (key: string) => void (await call('DELETE', `kv/${key}`)),

    /** A token of a policy that is written in rules such as `key_prefix "forum/" { policy = "read" }`. */
    async token(name: string, rules: string) {
      await call('PUT', 'acl/policy', JSON.stringify({ Name: name, Rules: rules }))
      const token = await call('PUT', 'acl/token', JSON.stringify({ Policies: [{ Name: name }] }))
      return token as Readonly<{ AccessorID: string; SecretID: string }>
    },
  }
}
