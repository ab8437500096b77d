import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { openCheckout } from '../kit/checkout.ts'
import { startService } from '../kit/service.ts'

type Configuration = Readonly<{ name: string; runtimeExecutable: string; runtimeArgs: readonly string[] }>
const { configurations } = JSON.parse(
  readFileSync(new URL('../../.vscode/launch.json', import.meta.url), 'utf8'),
) as Readonly<{ configurations: readonly Configuration[] }>

/** The part of an editor that every Node.js below it loads, to be debugged. */
const BOOTLOADER = `require('node:fs').appendFileSync(process.env.SEEN, process.version + ' ' + process.argv.join(' ') + '\\n')`

describe('the launch configuration of the editor', {
  skip: process.platform === 'win32' && 'npm is a script there',
}, () => {
  it('starts the service by the Node.js that it needs, and the debugger attaches to it', async () => {
    await using place = await openCheckout()
    const [seen, bootloader] = [join(place.directory, 'seen'), join(place.directory, 'bootloader.cjs')]
    writeFileSync(bootloader, BOOTLOADER)
    const service = configurations.find(({ name }) => name === 'The service')
    assert.ok(service)

    const launcher = [service.runtimeExecutable, ...service.runtimeArgs] as const
    const env = { NODE_OPTIONS: `--require ${bootloader}`, SEEN: seen }
    await using _ = await startService({ directory: place.directory, launcher, env })

    assert.match(readFileSync(seen, 'utf8'), /^v(?:2[4-9]|[3-9]\d)\.\S+ .*src\/main\.ts$/m)
  })

  it('runs the tests of the file that is open', () => {
    const tests = configurations.find(({ name }) => name === 'The tests in this file')

    assert.deepEqual(tests?.runtimeArgs, ['test', '--', '$' + '{relativeFile}'])
  })
})
