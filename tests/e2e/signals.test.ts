import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { statusOf } from '../kit/client.ts'
import { until } from '../kit/command.ts'
import { skipWithout } from '../kit/engines.ts'
import { type Service, startService } from '../kit/service.ts'

const ROOT = join(import.meta.dirname, '../..')

const LAUNCHERS = {
  'Node.js': [process.execPath, 'src/main.ts'],
  'scripts/node.js': [process.execPath, 'scripts/node.js', 'src/main.ts'],
  'scripts/node.js on a Node.js that cannot become another,': [
    process.execPath,
    '--import=data:text/javascript,process.execve=undefined',
    'scripts/node.js',
    'src/main.ts',
  ],
  npm: ['npm', 'start'],
} as const

const start = (launcher: keyof typeof LAUNCHERS) =>
  startService({ env: { DATABASE_URL: 'memory:' }, directory: ROOT, launcher: LAUNCHERS[launcher] })

const send = ({ pid }: Service, signal: NodeJS.Signals) => process.kill(Number(pid), signal)
/** As a terminal does, and systemd. */
const sendToGroup = ({ pid }: Service, signal: NodeJS.Signals) => process.kill(-Number(pid), signal)

/** What npm forwards may reach a service that has stopped already, in the moment in which it ends. */
const BY_SIGNAL = null

async function assertStopsInOrder(service: Service, codes: readonly (number | null)[] = [0]): Promise<void> {
  const code = await Promise.race([service.ended, sleep(10_000, 'still running', { ref: false })])
  assert.ok(codes.includes(code as number | null), `${code}\n${service.logs()}`)
  assert.match(service.logs(), /stopping on/)
  assert.equal(await statusOf(service.url), null)
}

describe('a service that was started by', { skip: skipWithout('memory') }, () => {
  for (const launcher of ['scripts/node.js', 'npm'] as const) {
    it(`${launcher} stops in order at a SIGTERM to this process alone`, async () => {
      await using service = await start(launcher)

      send(service, 'SIGTERM')

      await assertStopsInOrder(service)
    })
  }

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`npm stops in order at a ${signal} to all its processes, which npm forwards`, async () => {
      await using service = await start('npm')

      sendToGroup(service, signal)

      await assertStopsInOrder(service, [0, BY_SIGNAL])
    })
  }

  for (const launcher of ['Node.js', 'scripts/node.js on a Node.js that cannot become another,'] as const) {
    it(`${launcher} ignores SIGHUP, SIGUSR1 and SIGUSR2, opens no inspector, and stops in order at a SIGTERM to this process alone`, async () => {
      await using service = await start(launcher)

      for (const signal of ['SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const) {
        send(service, signal)
        await until(`it ignores ${signal}`, () => service.logs().includes(`ignored ${signal}`))
      }

      assert.equal(await statusOf(`${service.healthUrl}/ready`), 200)
      assert.doesNotMatch(service.logs(), /Debugger listening/)

      send(service, 'SIGTERM')
      await assertStopsInOrder(service)
    })
  }
})
