import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { readMigrations } from '../../src/infrastructures/store/migrations.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const NEEDED = ['package.json', 'scripts', 'migrations', 'src']
const USERS = 'src/infrastructures/store/aggregates/user.ts'
const TABLES = 'src/infrastructures/store/technical-tables.ts'
const TAGS = `{ name: 'tags', columns: { tag: text }, primaryKey: ['tag'], foreignKeys: [], indexes: [], checks: [] }`

/** The number of the migration that comes next. */
const nextOf = (dialect: Parameters<typeof readMigrations>[0]) =>
  String(readMigrations(dialect).length + 1).padStart(4, '0')
const [NEXT, NEXT_OF_MARIADB, NEXT_OF_MONGODB] = [nextOf('postgres'), nextOf('mariadb'), nextOf('mongodb')]

/** A copy of the tree, to be changed at will. */
function copyOfTree() {
  const folder = mkdtempSync(join(tmpdir(), 'revision-'))
  for (const path of NEEDED) cpSync(join(ROOT, path), join(folder, path), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  const at = (path: string) => join(folder, path)
  const read = (path: string) => readFileSync(at(path), 'utf8')
  return {
    at,
    read,
    files: () => globSync('**/*.*', { cwd: at('migrations') }).sort(),
    replace: (path: string, before: string, after: string) =>
      writeFileSync(at(path), read(path).replace(before, after)),
    revision: (...args: readonly string[]) => run(at('scripts/revision.ts'), args),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  }
}

type Ended = Readonly<{ status: number; stdout: string; stderr: string }>

const run = (script: string, args: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const child = execFile(process.execPath, [script, ...args], (_error, stdout, stderr) =>
      resolve({ status: child.exitCode ?? -1, stdout, stderr }),
    )
  })

describe('db:revision', { concurrency: true }, () => {
  it('adds an empty migration for each database, which the check accepts', async () => {
    using tree = copyOfTree()

    const ended = await tree.revision('tidy-up')

    assert.equal(
      ended.stdout,
      [
        `migrations/postgres/${NEXT}_tidy-up.sql\n`,
        `migrations/sqlite/${NEXT}_tidy-up.sql\n`,
        `migrations/mariadb/${NEXT_OF_MARIADB}_tidy-up.sql\n`,
        `migrations/mongodb/${NEXT_OF_MONGODB}_tidy-up.json\n`,
      ].join(''),
      ended.stderr,
    )
    assert.match(tree.read(`migrations/sqlite/${NEXT}_tidy-up.sql`), /^--.*$/)
    assert.equal((await tree.revision('--check')).status, 0)
  })

  it('generates from the models what the check misses, and then finds nothing more', async () => {
    using tree = copyOfTree()
    tree.replace(USERS, 'email: nullable(text),', 'email: nullable(text), nickname: nullable(text),')
    tree.replace(
      TABLES,
      'const TECHNICAL: readonly Technical[] = [',
      `const TECHNICAL: readonly Technical[] = [${TAGS},`,
    )

    const missed = await tree.revision('--check')
    assert.equal(missed.status, 1)
    assert.match(missed.stderr, /postgres: the models have changed[^;]*;[^;]*"nickname"/)
    assert.match(missed.stderr, /sqlite: the models have changed/)
    assert.match(missed.stderr, /mariadb: the models have changed/)
    assert.match(missed.stderr, /only in the models: users strict column nickname text/)

    assert.equal((await tree.revision('nickname', '--auto')).status, 0)
    assert.match(
      tree.read(`migrations/postgres/${NEXT}_nickname.sql`),
      /ALTER TABLE "users" ADD COLUMN "nickname" text;$/,
    )
    assert.match(
      tree.read(`migrations/mariadb/${NEXT_OF_MARIADB}_nickname.sql`),
      /CREATE TABLE `tags`[^;]*utf8mb4_nopad_bin \*\/;/,
    )
    assert.match(tree.read(`migrations/sqlite/${NEXT}_nickname.sql`), /CREATE TABLE `tags`[^;]*\) STRICT;/)

    assert.deepEqual(await tree.revision('--check'), {
      status: 0,
      stdout: 'Models and migrations agree.\n',
      stderr: '',
    })
    assert.match((await tree.revision('again', '--auto')).stdout, /nothing to write/)
    assert.deepEqual(
      tree.files().filter((file) => file.includes('again')),
      [],
    )
  })

  it('does not guess about a rename where no one can be asked, and writes nothing', async () => {
    using tree = copyOfTree()
    const before = tree.files()
    tree.replace(USERS, 'fullName:', 'displayName:')

    const ended = await tree.revision('display-name', '--auto')

    assert.equal(ended.status, 1)
    assert.match(ended.stderr, /on postgres: Something was either renamed.*in a terminal/)
    assert.deepEqual(tree.files(), before)
    assert.match((await tree.revision('--check')).stderr, /on sqlite: Something was either renamed.*in a terminal/)
  })

  it('refuses a name that is taken', async () => {
    using tree = copyOfTree()

    const ended = await tree.revision('forum')

    assert.equal(ended.status, 1)
    assert.match(ended.stderr, /of that name already: 0001_forum\.sql/)
  })

  for (const args of [
    [],
    ['one', 'two'],
    ['Übung'],
    ['../up'],
    ['a b'],
    ['x', '--nope'],
    ['x', '--check'],
    ['--', '-x'],
  ])
    it(`answers ${JSON.stringify(args)} with its usage, and writes nothing`, async () => {
      using tree = copyOfTree()
      const before = tree.files()

      const ended = await tree.revision(...args)

      assert.equal(ended.status, 2)
      assert.match(ended.stderr, /Usage: npm run db:revision/)
      assert.deepEqual(tree.files(), before)
    })
})

describe('check:migrations', { concurrency: true }, () => {
  it('writes nothing', async () => {
    using tree = copyOfTree()
    const before = tree.files().map((file) => tree.read(`migrations/${file}`))

    assert.deepEqual(await tree.revision('--check'), {
      status: 0,
      stdout: 'Models and migrations agree.\n',
      stderr: '',
    })

    assert.deepEqual(
      tree.files().map((file) => tree.read(`migrations/${file}`)),
      before,
    )
  })

  it('notices a file that builds something else than the models say', async () => {
    using tree = copyOfTree()
    tree.replace('migrations/postgres/0001_forum.sql', 'email text,', 'email text not null,')
    tree.replace('migrations/sqlite/0001_forum.sql', ') strict;', ');')

    const { status, stderr } = await tree.revision('--check')

    assert.equal(status, 1)
    assert.match(
      stderr,
      /only in the models: users column email text\n.*only in the migrations: users column email text not null/,
    )
    assert.match(stderr, /only in the migrations: users column id text not null/)
  })

  it('notices a file that does not apply, and one that is not in the journal', async () => {
    using tree = copyOfTree()
    writeFileSync(tree.at(`migrations/postgres/${NEXT}_stray.sql`), 'select 1')
    writeFileSync(tree.at(`migrations/sqlite/${NEXT}_wrong.sql`), 'drop table missing')

    const { status, stderr } = await tree.revision('--check')

    assert.equal(status, 1)
    assert.match(stderr, /postgres: meta\/_journal\.json lists .*, but the files are .*, \d+_stray\./)
    assert.match(stderr, /sqlite: Migration \d+_wrong failed.*no such table/)
  })
})
