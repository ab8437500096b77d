import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { type Command, commandOf } from '../../src/infrastructures/store/sql/statement.ts'
import { connectSqlite } from '../../src/infrastructures/store/sqlite/connection.ts'
import { sqliteDatabase } from '../../src/infrastructures/store/sqlite/sqlite-database.ts'

const folder = mkdtempSync(join(tmpdir(), 'forum-tests-'))
after(() => rmSync(folder, { recursive: true }))

const INSERT = 'insert into numbers values (?1)'
const DELETE = 'delete from numbers where value = ?1'
const adding = (value: number): Command => commandOf(INSERT, [value])
class NoSuchNumber extends Error {
  override message = 'none'
}

/** Refused if there is no such number. */
const deleting = (value: number): Command => ({ ...commandOf(DELETE, [value]), onGuardFailed: NoSuchNumber })

/** A table of numbers, each once, with a 1; what its connection executes is listed. */
function opened(name: string) {
  const connection = connectSqlite(join(folder, `${name}.db`), () => '')
  connection.run('create table numbers (value integer primary key) strict', [])
  connection.run(INSERT, [1])
  const statements: string[] = []
  const database = sqliteDatabase({
    ...connection,
    run(text, values) {
      statements.push(text)
      return connection.run(text, values)
    },
  })

  return {
    connection,
    statements,
    /** What becomes of units that are committed at once. */
    commit: async (...units: readonly (readonly Command[])[]) =>
      (await Promise.allSettled(units.map((unit) => database.commit(unit)))).map(({ status }) => status),
    numbers: () =>
      connection.all('select value from numbers order by value', []).map((row) => Object.values(row ?? {})[0]),
  }
}

test('units that are committed at once share a transaction, and need no savepoint', async () => {
  const { commit, numbers, statements } = opened('together')
  assert.deepEqual(await commit([adding(2), adding(3)], [adding(4)]), ['fulfilled', 'fulfilled'])
  assert.deepEqual(statements, ['begin immediate', INSERT, INSERT, INSERT, 'commit'])
  assert.deepEqual(numbers(), [1, 2, 3, 4])
})

test('a unit whose first command is refused leaves nothing behind, and the others are committed', async () => {
  const { commit, numbers, statements } = opened('first')
  assert.deepEqual(await commit([adding(2)], [deleting(7), adding(3)], [adding(1), adding(4)], [adding(5)]), [
    'fulfilled',
    'rejected',
    'rejected',
    'fulfilled',
  ])
  assert.deepEqual(statements, ['begin immediate', INSERT, DELETE, INSERT, INSERT, 'commit'])
  assert.deepEqual(numbers(), [1, 2, 5])
})

test('a unit that may be refused halfway has a savepoint', async () => {
  const { commit, numbers, statements } = opened('halfway')
  assert.deepEqual(await commit([adding(2)], [adding(3), deleting(7)], [adding(4), deleting(1)]), [
    'fulfilled',
    'rejected',
    'fulfilled',
  ])
  assert.equal(statements.filter((text) => text === 'savepoint unit').length, 2)
  assert.equal(statements.filter((text) => text === 'begin immediate').length, 1)
  assert.deepEqual(numbers(), [2, 4])
})

test('after a unit that fails halfway against all expectations, the others are executed again, each with a savepoint', async () => {
  const { commit, numbers, statements } = opened('again')
  assert.deepEqual(await commit([adding(2)], [adding(3), adding(1)], [adding(4), adding(4)], [adding(3)]), [
    'fulfilled',
    'rejected',
    'rejected',
    'fulfilled',
  ])
  assert.equal(statements.filter((text) => text === 'rollback').length, 1)
  assert.equal(statements.filter((text) => text === 'savepoint unit').length, 3)
  assert.deepEqual(numbers(), [1, 2, 3])
})

test('what undoes a statement is kept in memory, and the log grows before it is copied', () => {
  const { connection } = opened('pragmas')
  const settingOf = (pragma: string) => Object.values(connection.all(`pragma ${pragma}`, [])[0] ?? {})[0]
  assert.equal(settingOf('temp_store'), 2)
  assert.equal(settingOf('wal_autocheckpoint'), 32_000)
  assert.equal(settingOf('synchronous'), 2)
})
