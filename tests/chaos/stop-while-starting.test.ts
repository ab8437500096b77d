import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { INHERITED } from '../kit/inherited.ts'
import { freePorts } from '../kit/service.ts'
import { randomFor, report, size } from './kit/plan.ts'

const STARTS = size(6, 40)
const MAIN = join(import.meta.dirname, '../../src/main.ts')

describe('a service that is asked to stop while it starts', () => {
  it('ends without a fuss, whenever it is asked', async (test) => {
    const random = randomFor('moments of the start')
    const ends: End[] = []
    for (let start = 0; start < STARTS; start++) {
      const moment = Math.round((900 * (start + random.next())) / STARTS)
      ends.push(await startAndStop('memory:', () => sleep(moment)))
    }

    report(test, { starts: STARTS, ends: ends.map(({ asked, end }) => `${asked} ms: ${end}`).join('; ') })
    assert.ok(
      ends.every(({ end, took }) => ['0', 'SIGTERM'].includes(end) && took < 3_000),
      JSON.stringify(ends),
    )
  })

  it('ends in order while it waits for a database that is not there', async (test) => {
    const random = randomFor('moments of waiting')
    const ends: End[] = []
    for (let start = 0; start < STARTS / 2; start++) {
      ends.push(await startAndStop('postgres://nobody@127.0.0.1:1/none', (url) => untilAlive(url, random.below(800))))
    }

    report(test, { starts: ends.length, ends: ends.map(({ asked, end }) => `${asked} ms: ${end}`).join('; ') })
    assert.ok(
      ends.every(({ end, took }) => end === '0' && took < 3_000),
      JSON.stringify(ends),
    )
  })
})

type End = Readonly<{ end: string; asked: number; took: number; output: string }>

/** Starts a service, asks it to stop after a while, and says how and how soon it ended. */
async function startAndStop(databaseUrl: string, wait: (healthUrl: string) => Promise<void>): Promise<End> {
  const cwd = mkdtempSync(join(tmpdir(), 'forum-chaos-'))
  const [HTTP_PORT = '', HEALTH_PORT = ''] = (await freePorts(2)).map(String)
  const env = {
    ...INHERITED,
    DATABASE_URL: databaseUrl,
    OIDC_ISSUER: 'http://127.0.0.1:1/none',
    HTTP_PORT,
    HEALTH_PORT,
  }
  const child = spawn(process.execPath, [MAIN], { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] })
  let output = ''
  child.stderr.on('data', (chunk) => {
    output += chunk
  })
  const ended = once(child, 'close')
  const begin = performance.now()
  await wait(`http://127.0.0.1:${HEALTH_PORT}`)
  const start = performance.now()
  child.kill('SIGTERM')
  const [code, signal] = await ended
  rmSync(cwd, { recursive: true })
  return { end: String(signal ?? code), asked: Math.round(start - begin), took: performance.now() - start, output }
}

/** Waits until the process answers, although the service does not, and for some milliseconds more. */
async function untilAlive(healthUrl: string, more: number): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    const answer = await fetch(`${healthUrl}/live`).catch(() => null)
    if (answer?.ok) return sleep(more)
    await sleep(20)
  }
}
