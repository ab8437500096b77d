import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { after, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Consumer } from '../../src/domains/ports/message-queue.ts'
import type { QueueFeatures } from './opened-queue.ts'
import { aConsumer, aMessage, eventually, notebook, type QueueWorld } from './queue-world.ts'

const PROCESS = fileURLToPath(new URL('queue-process.ts', import.meta.url))

export function describeCrash(world: () => QueueWorld, { isShared }: QueueFeatures): void {
  describe('a process', { skip: isShared ? false : 'there is only this one' }, () => {
    const children: ChildProcess[] = []
    after(() => {
      for (const child of children) child.kill('SIGKILL')
    })

    function startProcess(consumer: Consumer, pauseMs: number, lines: string[]): ChildProcess {
      const { underTest, namespace } = world()
      const settings = JSON.stringify({ choice: underTest.choice, namespace, consumer, pauseMs })
      const child = spawn(process.execPath, [PROCESS, settings], { stdio: ['ignore', 'pipe', 'inherit'] })
      child.stdout.on('data', (text) => void lines.push(...String(text).trimEnd().split('\n')))
      children.push(child)
      return child
    }

    it('that a message kills takes no other message with it, and dies as often as it may', async () => {
      const { open, underTest, newName } = world()
      const consumer = aConsumer(newName(), { attempts: 3 })
      const queue = await open(underTest.choice, [consumer.name])
      const harmless = Array.from({ length: 40 }, (_, index) => `harmless ${index}`)
      const texts = [...harmless.slice(0, 10), 'deadly', ...harmless.slice(10)]
      await queue.publish(texts.map((text) => aMessage(text)))
      const lines: string[] = []

      for (let deaths = 0; deaths < 3; deaths++) await once(startProcess(consumer, 5, lines), 'exit')
      startProcess(consumer, 5, lines)

      await eventually('all were started', () =>
        harmless.every((text) => lines.some((line) => line.endsWith(` ${text}`))),
      )
      await eventually('it was set aside', async () => (await queue.deadLetters())[consumer.name] === 1)
      assert.deepEqual(
        lines.filter((line) => line.includes('deadly')),
        ['1 deadly', '2 deadly', '3 deadly'],
      )
    })

    it('that dies is followed by the next, which goes on in order, soon', async (test) => {
      const { queue, newName } = world()
      const consumer = aConsumer(newName())
      const lines: string[] = []
      const child = startProcess(consumer, 10, lines)
      const messages = Array.from({ length: 240 }, (_, index) => aMessage(`${index}`, { key: `k${index % 4}` }))
      await queue().publish([aMessage('ready')])
      await eventually('the process consumes', async () => {
        if (lines.length === 0) await queue().publish([aMessage('ready')])
        await sleep(100)
        return lines.length > 0
      })
      const { handle, texts, has } = notebook()
      await queue().consume(consumer, handle)

      await queue().publish(messages.slice(0, 200))
      await eventually('it has begun', () => lines.some((line) => line.endsWith(' 20')))
      child.kill('SIGKILL')
      const killedAt = performance.now()
      await queue().publish(messages.slice(200))
      await eventually('the next has begun', () => texts.length > 0)
      const seconds = (performance.now() - killedAt) / 1000
      test.diagnostic(`taken over after ${seconds.toFixed(1)} s`)

      await has('236', '237', '238', '239')
      const started = [...lines.map((line) => line.split(' ')[1] ?? ''), ...texts].filter((text) => text !== 'ready')
      for (let key = 0; key < 4; key++) {
        const numbers = started.map(Number).filter((number) => number % 4 === key)
        assert.deepEqual(
          [...new Set(numbers)],
          Array.from({ length: 60 }, (_, index) => 4 * index + key),
        )
      }
      assert.ok(seconds < 15, `after ${seconds} s`)
    })

    it('that was asleep for long starts nothing more when it wakes', async () => {
      const { queue, newName } = world()
      const consumer = aConsumer(newName())
      const lines: string[] = []
      const child = startProcess(consumer, 100, lines)
      await eventually('the process consumes', async () => {
        await queue().publish([aMessage('ready', { key: 'k' })])
        await sleep(100)
        return lines.length > 0
      })
      await queue().publish(Array.from({ length: 50 }, (_, index) => aMessage(`${index}`, { key: 'k' })))
      await eventually('it has begun', () => lines.some((line) => line.endsWith(' 3')))

      child.kill('SIGSTOP')
      await sleep(100)
      const before = lines.length
      const { handle, has } = notebook()
      await queue().consume(consumer, handle)
      await has('49')
      child.kill('SIGCONT')
      await sleep(1_000)

      assert.deepEqual(lines.slice(before), [])
    })
  })
}
