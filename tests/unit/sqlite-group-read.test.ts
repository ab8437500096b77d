import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { connectSqlite } from '../../src/infrastructures/store/sqlite/connection.ts'
import { sqliteDatabase } from '../../src/infrastructures/store/sqlite/sqlite-database.ts'

const folder = mkdtempSync(join(tmpdir(), 'forum-tests-'))
after(() => rmSync(folder, { recursive: true }))

/** Two processes on one file; what the first does is listed. */
function opened(name: string) {
  const file = join(folder, `${name}.db`)
  const connection = connectSqlite(file, () => '')
  connection.run('create table numbers (value integer) strict', [])
  const statements: string[] = []
  const state = { failing: '' }
  const database = sqliteDatabase({
    ...connection,
    all(text, values) {
      statements.push(text)
      return connection.all(text, values)
    },
    run(text, values) {
      statements.push(text)
      if (text === state.failing) throw new Error('disk I/O error')
      return connection.run(text, values)
    },
  })
  return { database, statements, state, other: connectSqlite(file, () => '') }
}

const VALUES = 'select value from numbers'
const SLOW = `with recursive counter(n) as (select 1 union all select n + 1 from counter where n < 200000)
  select max(n) from counter`

test('reads that are asked for at once share a transaction', async () => {
  const { database, statements } = opened('together')
  await Promise.all([database.query(VALUES, []), database.query(VALUES, [])])
  assert.deepEqual(statements, ['begin', VALUES, VALUES, 'commit'])
})

test('a read sees what anyone committed before it was asked for', async () => {
  const { database, other } = opened('fresh')
  const first = database.query(VALUES, [])
  other.run('insert into numbers values (1)', [])
  const second = database.query(VALUES, [])
  assert.equal((await second).length, 1)
  await first
  await database.execute('insert into numbers values (?1)', [2])
  assert.equal((await database.query(VALUES, [])).length, 2)
})

test('a read that fails fails alone', async () => {
  const { database } = opened('alone')
  const [bad, good] = await Promise.allSettled([
    database.query('select * from nothing', []),
    database.query(VALUES, []),
  ])
  assert.equal(bad.status, 'rejected')
  assert.equal(good.status, 'fulfilled')
})

test('slow reads leave the event loop turns in between, and all are answered', async () => {
  const { database, statements } = opened('slow')
  const all = Promise.all(Array.from({ length: 3 }, () => database.query(SLOW, [])))
  await setImmediate()
  assert.equal(statements.filter((text) => text === SLOW).length, 1)
  await all
  assert.equal(statements.filter((text) => text === 'begin').length, 3)
})

test('a transaction that cannot end is rolled back, and the next one begins', async () => {
  const { database, state } = opened('stuck')
  state.failing = 'commit'
  await database.query(VALUES, [])
  state.failing = ''

  assert.equal(await database.execute('insert into numbers values (?1)', [1]), 1)
})

test('reads of a closed file are refused, and nothing else happens', async () => {
  const { database } = opened('closed')
  await database.close()
  const outcomes = await Promise.allSettled([database.query(VALUES, []), database.query(VALUES, [])])
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['rejected', 'rejected'],
  )
})
