import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, test } from 'node:test'
import { commandOf } from '../../src/infrastructures/store/sql/statement.ts'
import { checkpointsSafely } from '../../src/infrastructures/store/sqlite/checkpoints.ts'
import { connectSqlite } from '../../src/infrastructures/store/sqlite/connection.ts'
import { sqliteDatabase } from '../../src/infrastructures/store/sqlite/sqlite-database.ts'
import { until } from '../kit/command.ts'

const folder = mkdtempSync(join(tmpdir(), 'forum-tests-'))
after(() => rmSync(folder, { recursive: true }))

/** Rows of a page each. */
const fill = (
  rows: number,
): string => `with recursive counter(n) as (select 1 union all select n + 1 from counter where n < ${rows})
  insert into pages select zeroblob(4000) from counter`
const LARGE = 9_000
const FEW = 100
const CHECKPOINT = 'pragma wal_checkpoint(passive)'
const LOOK = 'pragma wal_checkpoint(noop)'

/** A database; `copied` says how many pages this thread copied, each time, and `looked` is called after a look at the log. */
function opened(name: string, looked: (write: (rows: number) => void) => void = () => {}) {
  const file = join(folder, `${name}.db`)
  const connection = connectSqlite(file, () => '')
  connection.run('create table pages (content blob) strict', [])
  const copied: number[] = []
  const log = () => connection.all(LOOK, [])[0] as { log: number; checkpointed: number }
  const left = () => log().log - log().checkpointed

  const database = sqliteDatabase({
    ...connection,
    all(text, values) {
      if (text === CHECKPOINT) copied.push(left())
      if (text === LOOK) looked((rows) => connection.run(fill(rows), []))
      return connection.all(text, values)
    },
  })
  const write = (rows: number) => database.commit([commandOf(fill(rows), [])])
  return { file, database, write, log, left, copied }
}

test('a log that has grown large is copied in another thread, and then begins anew', async () => {
  const { file, write, log, left, copied, database } = opened('large')
  await write(LARGE)
  await until('the log is copied', () => left() === 0 && copied.length > 0)
  assert.deepEqual(copied, [0], 'the thread left nothing to copy')
  await write(1)
  assert.ok(log().log < FEW, 'the next write begins the log anew')
  await database.close()
  assert.equal(existsSync(`${file}-wal`), false, 'the thread has closed the file before')
})

test('what is written meanwhile is copied by the thread that wrote it, once it is little', async () => {
  let looks = 0
  const { write, log, left, copied, database } = opened('meanwhile', (writeNow) => {
    looks += 1
    if (looks === 3) writeNow(LARGE / 4) // after the first pass
    if (looks === 4) writeNow(FEW) // after the second
  })
  await write(LARGE)
  await until('the rest is copied', () => copied.length > 0)
  const [few = 0] = copied
  assert.ok(few >= FEW && few < 2 * FEW, `it copied ${few} pages`)
  assert.equal(left(), 0)
  await write(1)
  assert.ok(log().log < FEW)
  await database.close()
})

test('a small log is left alone', async () => {
  const { write, copied, left, database } = opened('small')
  for (let commit = 0; commit < 5; commit += 1) await write(LARGE / 6)
  assert.deepEqual(copied, [])
  assert.ok(left() > LARGE / 2)
  await database.close()
})

test('a database that is closed while its log is copied keeps all, and leaves no log behind', async () => {
  const { file, write, database } = opened('closed')
  await write(LARGE)
  await write(FEW)
  await database.close()
  assert.equal(existsSync(`${file}-wal`), false)

  using reopened = new DatabaseSync(file)
  assert.deepEqual({ ...reopened.prepare('select count(*) as rows from pages').get() }, { rows: LARGE + FEW })
})

test('an engine that may lose pages by it copies the log as it always did', () => {
  assert.deepEqual(['3.50.4', '3.51.2', '3.51.3', '3.53.4', '3.100.0'].map(checkpointsSafely), [
    false,
    false,
    true,
    true,
    true,
  ])
})
