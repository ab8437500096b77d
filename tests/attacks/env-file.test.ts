import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { freshDirectory, runCommand } from '../kit/command.ts'

/** Its first line asks for production, where the second is required to be more than this. */
const LINES = ['NODE_ENV=production', 'HTTP_HOST=forum.örtchen', 'LOG_LEVEL=loud', '']
const TEXT = LINES.join('\n')
const MARK = '\ufeff'

const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16()

const READABLE: Readonly<Record<string, Buffer>> = {
  'UTF-8': Buffer.from(TEXT),
  'UTF-8 with a byte order mark': Buffer.from(MARK + TEXT),
  'UTF-8 with a byte order mark and CRLF': Buffer.from(MARK + LINES.join('\r\n')),
  'UTF-8 with CRLF': Buffer.from(LINES.join('\r\n')),
  'UTF-8 with CR': Buffer.from(LINES.join('\r')),
  'UTF-16LE with a byte order mark': Buffer.from(MARK + TEXT, 'utf16le'),
  'UTF-16LE with a byte order mark and CRLF': Buffer.from(MARK + LINES.join('\r\n'), 'utf16le'),
  'UTF-16BE with a byte order mark': utf16be(MARK + TEXT),
}

const UNREADABLE: readonly (readonly [what: string, bytes: Buffer, reason: RegExp])[] = [
  ['UTF-16LE without a byte order mark', Buffer.from('NODE_ENV=production\n', 'utf16le'), /NUL/],
  ['UTF-16BE without a byte order mark', utf16be('NODE_ENV=production\n'), /NUL/],
  ['UTF-32LE', Buffer.from([...`${MARK}A=1`].join('\0').concat('\0'), 'utf16le'), /NUL/],
  ['NUL', Buffer.from('NODE_ENV=production\0\n'), /NUL/],
  ['Latin-1', Buffer.from(TEXT, 'latin1'), /not valid UTF-8/],
  ['UTF-16 that is cut off', Buffer.from(MARK + TEXT, 'utf16le').subarray(0, -1), /not valid UTF-16LE/],
  ['two byte order marks', Buffer.from(MARK + MARK + TEXT), /ASCII/],
  ['a name that begins with a space of its own kind', Buffer.from(`\u00a0${TEXT}`), /ASCII/],
]

describe('a file .env as editors save it', { concurrency: 2 }, () => {
  async function start(bytes: Buffer) {
    await using place = await freshDirectory()
    writeFileSync(join(place.directory, '.env'), bytes)
    return await runCommand(['token', 'alice'], { directory: place.directory })
  }

  for (const [what, bytes] of Object.entries(READABLE)) {
    it(`is read to its last line and from its first: ${what}`, async () => {
      const { code, stdout, stderr } = await start(bytes)

      assert.deepEqual([code, stdout], [78, ''])
      for (const name of ['OIDC_ISSUER', 'HTTP_HOST', 'LOG_LEVEL']) assert.match(stderr, new RegExp(`^ +${name} `, 'm'))
    })
  }

  for (const [what, bytes, reason] of UNREADABLE) {
    it(`is refused with the reason: ${what}`, async () => {
      const { code, stdout, stderr } = await start(bytes)

      assert.deepEqual([code, stdout], [78, ''])
      assert.match(stderr, /\n {2}\.env /)
      assert.match(stderr, reason)
      assert.doesNotMatch(stderr, /production|loud|\n +at /)
    })
  }
})
