import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { FORUM } from '../src/infrastructures/store/aggregates/forum.ts'
import { openSqlite } from '../src/infrastructures/store/sqlite/open-sqlite.ts'
import type { BenchDatabase, StoredEvent } from './database.ts'
import { type Dialect, loading, recursiveSeries, restoring } from './load-data.ts'

const DIALECT: Dialect = {
  series: recursiveSeries,
  id: (prefix, n) => `'${prefix}' || printf('%012x', ${n})`,
  time: (from, seconds) => `${from.getTime()} + ${seconds} * 1000`,
  truth: (condition) => `iif(${condition}, 1, 0)`,
  keepingExisting: 'where true on conflict do nothing',
}

/** A file of its own, loaded. The bench opens it only while no candidate does. */
export async function loadSqlite(posts: number): Promise<BenchDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'forum-bench-'))
  const file = join(folder, 'forum.db')
  await (await openSqlite({ aggregates: FORUM.aggregates, file, migrates: true })).close()
  execute(file, ['pragma synchronous = off', ...loading(DIALECT, posts), 'analyze'])

  return {
    url: `sqlite:${file}`,
    name: `SQLite ${process.versions['sqlite']}`,
    restore: async () => execute(file, [...restoring(DIALECT), 'pragma wal_checkpoint(truncate)']),
    takeEvents: async () => takeEvents(file),
    close: () => rm(folder, { recursive: true }),
  }
}

function execute(file: string, statements: readonly string[]): void {
  using database = new DatabaseSync(file, { timeout: 10_000 })
  for (const statement of statements) database.exec(statement)
}

function takeEvents(file: string): readonly StoredEvent[] {
  using database = new DatabaseSync(file, { timeout: 10_000 })
  const rows = database.prepare('delete from outbox returning type, subject, version, data').all()
  return rows.map((row) => ({ ...row, data: JSON.parse(String(row['data'])) }) as StoredEvent)
}
