import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { signingKey } from '../../src/development/issuer/signing-key.ts'

const root = await mkdtemp(join(tmpdir(), 'development-issuer-'))
after(() => rm(root, { recursive: true }))
const aDirectory = () => mkdtemp(join(root, 'data-'))

describe('the key of the development issuer', () => {
  it('is the same for all processes that need it first at the same moment', async () => {
    const directory = join(await aDirectory(), 'data')
    const file = JSON.stringify(new URL('../../src/development/issuer/signing-key.ts', import.meta.url))
    const script = `const { signingKey } = await import(${file}); console.log((await signingKey(${JSON.stringify(directory)})).kid)`
    const run = () => promisify(execFile)(process.execPath, ['--input-type=module', '-e', script])

    const outputs = await Promise.all(Array.from({ length: 4 }, run))

    assert.equal(new Set(outputs.map(({ stdout }) => stdout)).size, 1)
    assert.deepEqual(await readdir(directory), ['development-issuer.json'])
  })

  it('is for the eyes of its owner only', async () => {
    const directory = await aDirectory()
    await signingKey(directory)

    const { mode } = await stat(join(directory, 'development-issuer.json'))

    assert.equal(mode & 0o777, 0o600)
  })

  it('has 2048 bits', async () => {
    const { n } = await signingKey(await aDirectory())

    assert.equal(Buffer.from(String(n), 'base64url').length * 8, 2048)
  })

  for (const spoil of [
    () => '',
    () => '{"kty":"RSA","d":"half of a',
    (good: string) => JSON.stringify({ ...JSON.parse(good), d: undefined }),
    (good: string) => JSON.stringify({ ...JSON.parse(good), kid: undefined }),
    (good: string) => JSON.stringify({ ...JSON.parse(good), n: 'AAAA' }),
    () => '{"kty":"oct","k":"AAAA","alg":"RS256","kid":"1","d":"x"}',
  ]) {
    it(`is missed aloud, and not quoted, when the file is spoilt: ${spoil}`, async () => {
      const directory = await aDirectory()
      const { d } = await signingKey(directory)
      const file = join(directory, 'development-issuer.json')
      await writeFile(file, spoil(await readFile(file, 'utf8')))

      const error = await signingKey(directory).catch((caught: Error) => caught)

      assert.ok(error instanceof Error)
      assert.match(error.message, /development-issuer\.json holds no RS256 signing key: delete it/)
      assert.ok(!`${error.message} ${error.cause}`.includes(String(d)))
    })
  }

  it('is not made anew when the file cannot be read', {
    skip: process.getuid?.() === 0 && 'root reads all',
  }, async () => {
    const directory = await aDirectory()
    await signingKey(directory)
    await chmod(join(directory, 'development-issuer.json'), 0)

    await assert.rejects(signingKey(directory), { code: 'EACCES' })
  })
})
