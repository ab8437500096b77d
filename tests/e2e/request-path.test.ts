import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { openCheckout } from '../kit/checkout.ts'
import { INHERITED } from '../kit/inherited.ts'

const ROOT = join(import.meta.dirname, '../..')
const PAGE = readFileSync(join(ROOT, 'docs/follow-one-request.md'), 'utf8')
const named = [...PAGE.matchAll(/`([\w./-]+\.ts)`/g)].map(([, name = '']) => name)

/** So many files a PUT may enter: whoever adds one looks for one that only passes on. */
const MOST_FILES: Readonly<Record<string, number>> = { memory: 64, SQLite: 66, PostgreSQL: 68 }

const isNamed = (file: string): boolean => named.some((name) => file === name || file.endsWith(`/${name}`))

describe('the page about one request', () => {
  it('names each file that a PUT enters, and these are few, in memory, on SQLite and, where there is one, on PostgreSQL', async () => {
    await using place = await openCheckout()
    const args = ['scripts/node.js', 'scripts/request-path.ts', '--list']
    const { TEST_POSTGRES_URL } = process.env
    const env = { ...INHERITED, ...(TEST_POSTGRES_URL && { TEST_POSTGRES_URL }) }

    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: place.directory, env, encoding: 'utf8' })

    const counts = [...stdout.matchAll(/^PUT .* on (\w+): (\d+) files/gm)].map(([, store = '', count]) => ({
      store,
      count: Number(count),
    }))
    const files = [...stdout.matchAll(/^ {2}([\w./-]+\.ts): /gm)].map(([, file = '']) => file)
    const expected = Object.keys(MOST_FILES).filter((store) => store !== 'PostgreSQL' || TEST_POSTGRES_URL)
    assert.deepEqual(
      counts.map(({ store }) => store),
      expected,
      stderr,
    )
    for (const { store, count } of counts) {
      assert.ok(count > 40 && count <= (MOST_FILES[store] ?? 0), `${count} files on ${store}`)
    }
    assert.deepEqual(
      files.filter((file) => !isNamed(file)),
      [],
    )
  })
})
