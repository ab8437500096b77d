import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { freshDirectory } from '../kit/command.ts'

const SCRIPT = fileURLToPath(new URL('../../scripts/node.js', import.meta.url))
const { platform, arch } = process
const PACKAGE = `node-${platform === 'win32' ? 'win' : platform}-${arch}`

/** An executable for a machine that there is none of: the kernel refuses it (ENOEXEC). */
const foreignBinary = Buffer.concat([Buffer.from('\x7fELF\x02\x01\x01'), Buffer.alloc(57, 0xee)])

const UNUSABLE: Readonly<Record<string, string | Buffer>> = {
  'needs a loader that is not here (musl)': '#!/lib64/ld-linux-that-is-not-here.so.2\n',
  'needs a newer C library': '#!/bin/sh\necho "node: version GLIBC_2.99 not found" >&2\nexit 1\n',
  'is for another processor': foreignBinary,
  'uses instructions that this processor has not': '#!/bin/sh\nkill -ILL $$\n',
  'is something else': '#!/bin/sh\nexit 0\n',
}

/** What a Node.js of an older version would say of itself. */
const older = (version: string) => [
  '--import',
  `data:text/javascript,Object.defineProperty(process,'versions',{value:{node:'${version}'}})`,
]

describe('starting where the Node.js that npm brings cannot run', { skip: platform === 'win32' }, () => {
  async function start(installed: string | Buffer | null, flags: readonly string[] = []) {
    await using place = await freshDirectory()
    const bin = join(place.directory, 'node_modules', PACKAGE, 'bin')
    mkdirSync(bin, { recursive: true })
    mkdirSync(join(place.directory, 'scripts'))
    writeFileSync(join(place.directory, 'package.json'), '{"type":"module"}')
    copyFileSync(SCRIPT, join(place.directory, 'scripts/node.js'))
    if (installed !== null) writeFileSync(join(bin, 'node'), installed, { mode: 0o755 })
    const args = [...flags, join(place.directory, 'scripts/node.js'), '-p', 'process.execPath']
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
    return { status, stdout, stderr }
  }

  for (const [what, file] of Object.entries(UNUSABLE)) {
    it(`uses the Node.js that runs npm: the installed one ${what}`, async () => {
      const { status, stdout, stderr } = await start(file)

      assert.deepEqual([status, stdout], [0, `${process.execPath}\n`], stderr)
    })

    it(`says in one sentence that the Node.js that runs npm is too old: the installed one ${what}`, async () => {
      const { status, stdout, stderr } = await start(file, older('22.22.0'))

      assert.deepEqual([status, stdout], [1, ''])
      assert.match(
        stderr,
        /^This needs Node\.js 24 or later: .+ cannot run on this machine, and yours is 22\.22\.0\.\n$/,
      )
    })
  }

  it('uses the Node.js that runs npm, or says that it is too old, where npm installed none', async () => {
    const [used, refused] = [await start(null), await start(null, older('20.0.0'))]

    assert.deepEqual([used.status, used.stdout], [0, `${process.execPath}\n`], used.stderr)
    assert.deepEqual([refused.status, refused.stdout], [1, ''])
    assert.match(refused.stderr, /^This needs Node\.js 24 or later: npm installed no Node\.js for .+20\.0\.0\.\n$/)
  })

  it('prefers the installed Node.js, where it can run', async () => {
    const installed = `#!/bin/sh\n[ "$1" = --version ] && echo v24.21.0 || echo "brought: $*"\n`

    for (const flags of [[], older('20.0.0')]) {
      assert.deepEqual(await start(installed, flags), {
        status: 0,
        stdout: 'brought: -p process.execPath\n',
        stderr: '',
      })
    }
  })
})
