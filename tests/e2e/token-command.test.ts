/** `npm run token` beside services on ports that its own settings do not name. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { decodeJwt } from 'jose'
import { clientOf } from '../kit/client.ts'
import { freshDirectory, runCommand } from '../kit/command.ts'
import { INHERITED } from '../kit/inherited.ts'
import { type Service, startService } from '../kit/service.ts'

const MAIN = join(import.meta.dirname, '../../src/main.ts')
const GRPC = join(import.meta.dirname, '../../scripts/grpc.ts')
const DEFAULT_ISSUER = 'http://127.0.0.1:8080/issuer'

async function tokenIn(directory: string, env: Readonly<Record<string, string>> = {}) {
  const { code, stdout, stderr } = await runCommand(['token', 'alice'], { directory, env })
  return { code, stderr, token: stdout.trim() }
}

/** What `npm run grpc` prints in that directory. */
const readOwnAccount = (cwd: string, GRPC_PORT: string) =>
  spawnSync(process.execPath, [GRPC, 'forum.v1.UserService/GetMe'], {
    cwd,
    env: { ...INHERITED, GRPC_PORT },
    encoding: 'utf8',
  })

const statusOf = async (service: Service, alice: Readonly<{ token: string }>) =>
  (await clientOf(service)(alice, 'GET', '/v1/users/me')).status

/** What a person sees: `script` gives the command a terminal. */
function onTerminal(cwd: string): string {
  const command = `'${process.execPath}' '${MAIN}' token alice`
  const args = process.platform === 'linux' ? ['-qec', command, '/dev/null'] : ['-q', '/dev/null', 'sh', '-c', command]
  return spawnSync('script', args, { cwd, env: { ...INHERITED }, encoding: 'utf8' }).stdout
}

const portOf = ({ url }: Service): string => new URL(url).port

describe('npm run token', () => {
  describe('beside one service', () => {
    let place: Awaited<ReturnType<typeof freshDirectory>>
    let service: Service
    before(async () => {
      place = await freshDirectory()
      service = await startService({ ...place, env: { OIDC_AUDIENCE: 'forum-mobile' } })
    })
    after(async () => {
      await service[Symbol.asyncDispose]()
      await place[Symbol.asyncDispose]()
    })

    it('signs for the service that runs in this directory, whatever its port and audience', async () => {
      const alice = await tokenIn(place.directory)

      assert.deepEqual([alice.code, alice.stderr], [0, ''])
      assert.equal(await statusOf(service, alice), 200)
    })

    it('obeys a port that is set, and says which service runs instead', async () => {
      const { code, stderr, token } = await tokenIn(place.directory, { HTTP_PORT: '8080' })

      assert.deepEqual([code, decodeJwt(token).iss], [0, DEFAULT_ISSUER])
      assert.equal(
        stderr,
        `token: the token is for ${DEFAULT_ISSUER}, which does not run; ${service.url}/issuer does\n`,
      )
    })

    it('ignores a record that it cannot read', async () => {
      const folder = join(place.directory, 'data/running-issuers')
      const files = await readdir(folder)
      await writeFile(join(folder, '1.json'), '{"issuer":')
      const alice = await tokenIn(place.directory)

      assert.deepEqual(files, [`${portOf(service)}.json`])
      assert.equal(await statusOf(service, alice), 200)
    })
  })

  it('forgets a service that was killed, even if another listens on its port, and says so on a terminal', async () => {
    await using place = await freshDirectory()
    await using service = await startService(place)
    await service.kill()
    const dead = await tokenIn(place.directory)
    const stranger = createServer((_, answer) => answer.end('{"keys":[{"kid":"another"}]}'))
    await new Promise<void>((resolve) => stranger.listen(Number(portOf(service)), '127.0.0.1', resolve))
    const replaced = await tokenIn(place.directory)
    stranger.close()

    for (const { code, stderr, token } of [dead, replaced]) {
      assert.deepEqual([code, stderr, decodeJwt(token).iss], [0, '', DEFAULT_ISSUER])
    }
    assert.match(
      onTerminal(place.directory),
      new RegExp(`token: no service runs in this directory; the token is for ${DEFAULT_ISSUER}\r?\n`),
    )
  })

  it('asks for HTTP_PORT beside two services, and takes it', async () => {
    await using place = await freshDirectory()
    await using one = await startService({ ...place, env: { DATABASE_URL: 'memory:' } })
    await using other = await startService({ ...place, env: { DATABASE_URL: 'memory:' } })
    const unclear = await tokenIn(place.directory)
    const clear = await tokenIn(place.directory, { HTTP_PORT: portOf(other) })

    assert.deepEqual([unclear.code, unclear.token], [2, ''])
    for (const { url } of [one, other]) assert.match(unclear.stderr, new RegExp(`HTTP_PORT .*${url}/issuer`))
    assert.deepEqual([clear.code, clear.stderr], [0, ''])
    assert.deepEqual([await statusOf(other, clear), await statusOf(one, clear)], [200, 401])
  })

  it('signs calls of npm run grpc for that service, too, which else names the setting of its port', async () => {
    await using place = await freshDirectory()
    await using service = await startService(place)
    const { port } = new URL(`grpc://${service.grpcAddress}`)
    const answered = readOwnAccount(place.directory, port)
    await service.kill()
    const unanswered = readOwnAccount(place.directory, port)

    assert.deepEqual([answered.status, answered.stderr], [0, ''])
    assert.match(answered.stdout, /"username": "alice"/)
    assert.equal(unanswered.status, 1)
    assert.match(
      unanswered.stderr,
      /^UNAVAILABLE: .*ECONNREFUSED.*\nDoes the service run, and is GRPC_PORT its port\?\n$/,
    )
  })
})
