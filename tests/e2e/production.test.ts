import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { freshDirectory } from '../kit/command.ts'
import { startService } from '../kit/service.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

type Lock = Readonly<{ packages: Readonly<Record<string, Readonly<{ dev?: boolean; optional?: boolean }>>> }>

/** What the image copies, and of the packages those that `npm ci --omit=dev --omit=optional` installs. */
function shipped(): readonly string[] {
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as Lock
  const packages = Object.entries(lock.packages)
    .filter(([path, { dev, optional }]) => /^node_modules\/(?:@[^/]+\/)?[^/]+$/.test(path) && !dev && !optional)
    .map(([path]) => path)
  const left = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n')
  const sources = readdirSync(join(ROOT, 'src')).map((name) => `src/${name}`)
  return [...packages, 'package.json', 'migrations', 'vendor', ...sources.filter((path) => !left.includes(path))]
}

describe('what is installed for production', () => {
  it('has nothing of what is there for development', () => {
    const files = shipped()

    assert.ok(files.includes('src/main.ts') && files.includes('src/main'))
    assert.deepEqual(
      files.filter((path) => /development|oidc-provider/.test(path)),
      [],
    )
  })

  it('serves all addresses that the start logs', async () => {
    await using place = await freshDirectory()
    for (const path of shipped()) {
      await mkdir(dirname(join(place.directory, path)), { recursive: true })
      await symlink(join(ROOT, path), join(place.directory, path))
    }
    const env = {
      NODE_ENV: 'production',
      OIDC_ISSUER: 'https://127.0.0.1:9/realms/forum',
      DATABASE_URL: 'memory:',
      HTTP_HOST: '127.0.0.1',
      HTTP_KEEP_ALIVE: '90s',
    }
    const program = ['--preserve-symlinks', '--preserve-symlinks-main', join(place.directory, 'src/main.ts')]
    await using service = await startService({ env, program })
    const logged = [...new Set(service.logs().match(/http:\/\/[^\s",]+/g))].filter((url) => !url.endsWith('/v1'))
    const loaded = [`${service.url}/redoc/redoc.standalone.js`, `${service.url}/docs/static/swagger-ui-bundle.js`]
    const statuses = await Promise.all([...logged, ...loaded].map(async (url) => [url, (await fetch(url)).status]))

    assert.equal((await fetch(service.url)).headers.get('keep-alive'), 'timeout=90')
    assert.ok(logged.length >= 4, logged.join())
    assert.deepEqual(
      statuses.filter(([, status]) => status !== 200),
      [],
    )
  })

  for (const [ours, theirs] of [
    ['redoc.standalone.js', './redoc.standalone.js'],
    ['redoc.standalone.js.LICENSE.txt', './redoc.standalone.js.LICENSE.txt'],
    ['LICENSE', '../LICENSE'],
  ] as const) {
    it(`has ${ours} of the version of ReDoc that the lock file names`, () => {
      const installed = new URL(theirs, import.meta.resolve('redoc/bundles/redoc.standalone.js'))
      const [kept, released] = [readFileSync(join(ROOT, 'vendor/redoc', ours)), readFileSync(installed)]

      assert.ok(kept.equals(released), `copy ${fileURLToPath(installed)} there`)
    })
  }
})
