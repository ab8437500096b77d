import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, it } from 'node:test'
import { ListenError, whenListening } from '../../src/main/listen-error.ts'
import { freshDirectory, runCommand } from '../kit/command.ts'
import { freePorts } from '../kit/service.ts'

type Env = Readonly<Record<string, string>>

async function start(env: Env) {
  await using place = await freshDirectory()
  const [port, health, grpc] = (await freePorts(3)).map(String) as [string, string, string]
  const settings = { DATABASE_URL: 'memory:', LOG_FORMAT: 'ecs', HTTP_PORT: port, HEALTH_PORT: health, GRPC_PORT: grpc }
  return await runCommand([], { directory: place.directory, env: { ...settings, ...env } })
}

describe('a port that cannot be had', () => {
  for (const setting of ['HTTP_PORT', 'HEALTH_PORT', 'GRPC_PORT']) {
    it(`ends the start with 1 and one sentence: ${setting} is in use`, async () => {
      const other = createServer().listen(0, '127.0.0.1').unref()
      await once(other, 'listening')
      const port = String((other.address() as { port: number }).port)

      const { code, stderr } = await start({ [setting]: port })

      assert.deepEqual([code, stderr], [1, `${setting} ${port} is in use\n`])
      other.close()
    })
  }

  it('ends the start with 1 and one sentence: HTTP_HOST is another machine', async () => {
    const { code, stderr } = await start({ HTTP_HOST: '192.0.2.1' })

    assert.deepEqual([code, stderr], [1, 'HTTP_HOST 192.0.2.1 is not an address of this machine\n'])
  })

  it('may be reserved, which root does not see', async () => {
    const denied = Promise.reject(Object.assign(new Error('listen EACCES'), { code: 'EACCES' }))

    await assert.rejects(
      whenListening(denied, { setting: 'HTTP_PORT', host: '::', port: 80 }),
      (error) => error instanceof ListenError && /^HTTP_PORT 80 may not be used by this user/.test(error.message),
    )
  })

  it('fails as it does otherwise', async () => {
    const failure = new Error('EMFILE')

    const opening = whenListening(Promise.reject(failure), { setting: 'HTTP_PORT', host: '::', port: 80 })

    await assert.rejects(opening, failure)
  })
})

describe('a setting with a slip in its name', () => {
  it('is warned of by every command that logs, and changes nothing', async () => {
    await using place = await freshDirectory()
    const env = {
      DATABASE_URL: 'memory:',
      LOG_FORMAT: 'ecs',
      HTTP_PROT: 'canary-7f3a',
      DATABASE_ULR: 'x',
      HTTP_PROXY: 'y',
    }

    const { code, stdout, stderr } = await runCommand(['migrate'], { directory: place.directory, env })

    assert.deepEqual([code, stderr], [0, ''])
    const warned = stdout.split('\n').filter((line) => line.includes('"warn"'))
    assert.deepEqual(
      warned.map((line) => JSON.parse(line).message),
      [
        'HTTP_PROT is not a setting: did you mean HTTP_PORT?',
        'DATABASE_ULR is not a setting: did you mean DATABASE_URL?',
      ],
    )
    assert.doesNotMatch(stdout, /canary/)
  })
})
