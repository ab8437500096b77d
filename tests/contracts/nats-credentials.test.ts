import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { QueueSetupError } from '../../src/infrastructures/message-queue/queue-options.ts'
import { natsOperator } from '../kit/nats-operator.ts'
import { skipWithoutOwn } from '../kit/own-engine.ts'
import { startProgram } from '../kit/program.ts'
import { freePorts } from '../kit/service.ts'
import { assertDelivers, openWorld } from './queue-world.ts'

describe('a file of NATS credentials in a URL', { skip: skipWithoutOwn('nats') }, () => {
  const operator = natsOperator()
  let server: Awaited<ReturnType<typeof startProgram>>
  let folder: string
  let url: string
  before(async () => {
    const [port] = (await freePorts(1)) as [number]
    url = `nats://127.0.0.1:${port}`
    folder = await mkdtemp(join(tmpdir(), 'forum-creds-'))
    const listen = `listen: "127.0.0.1:${port}"\njetstream { store_dir: "${join(folder, 'data')}" }\n`
    const files = { 'server.conf': listen + operator.configuration }
    server = await startProgram('nats-server', { files, port, args: (own) => ['-c', join(own, 'server.conf')] })
  })
  after(async () => {
    await server?.[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })

  /** A world on the server, as the user of a file with these contents. */
  async function worldOf(name: string, creds: string | null) {
    const file = join(folder, name)
    if (creds !== null) await writeFile(file, creds)
    return openWorld({ choice: { kind: 'nats', url: `${url}?creds=${encodeURIComponent(file)}` } })
  }

  it('lets its user publish and consume', async () => {
    const world = await worldOf('user.creds', operator.creds())
    await assertDelivers(world)
  })

  for (const [what, creds, message] of [
    ['is of an account that the server does not know', operator.creds({ isForeign: true }), /refuses the credentials/],
    ['is not there', null, /missing.*\.creds, cannot be read: ENOENT/],
    ['has no seed', 'canary', /has no JWT and seed/],
  ] as const) {
    it(`stops the start if it ${what}, and says so without a secret`, async () => {
      const world = await worldOf(`missing-${what.length}.creds`, creds)
      await assert.rejects(world.open(), (error: Error) => {
        assert.ok(error instanceof QueueSetupError)
        assert.match(error.message, message)
        assert.doesNotMatch(error.message, /canary|SU[A-Z0-9]{50}/)
        return true
      })
    })
  }

  it('is needed there', async () => {
    const world = openWorld({ choice: { kind: 'nats', url } })
    await assert.rejects(world.open(), QueueSetupError)
  })
})
