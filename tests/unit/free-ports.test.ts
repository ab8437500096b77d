import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import { freePorts } from '../kit/service.ts'

const SERVICE = new URL('../kit/service.ts', import.meta.url).href
const PROGRAM = `
  import { freePorts } from ${JSON.stringify(SERVICE)}
  console.log(JSON.stringify(await freePorts(20)))
  process.stdin.resume()`

/** A process that writes the ports it got, and lives until it is disposed of. */
async function otherProcess() {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM])
  const [text] = await once(child.stdout.setEncoding('utf8'), 'data')
  return { ports: JSON.parse(text) as number[], [Symbol.dispose]: () => child.kill('SIGKILL') }
}

describe('free ports', () => {
  it('are of one process alone while it lives', async () => {
    const [one, other] = await Promise.all([otherProcess(), otherProcess()])
    using _one = one
    using _other = other

    const own = await freePorts(20)

    const all = [...one.ports, ...other.ports, ...own]
    assert.equal(new Set(all).size, 60)
  })

  it('come round to those that were closed', async () => {
    const ports = await Promise.all(Array.from({ length: 30 }, () => freePorts(10)))

    assert.equal(ports.flat().length, 300)
  })
})
