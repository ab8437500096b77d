import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import type { DialectName } from '../../src/infrastructures/store/sql/dialect.ts'
import { moduleOf } from './models-module.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const DRIZZLE_KIT = fileURLToPath(new URL('bin.cjs', import.meta.resolve('drizzle-kit')))
const RENAMED =
  'Something was either renamed or dropped and added: say which to npm run db:revision -- <name> --auto in a terminal.'

export const DIALECTS: readonly DialectName[] = ['postgres', 'sqlite', 'mariadb']

/** What drizzle-kit calls them. */
const CALLED: Readonly<Record<DialectName, string>> = { mariadb: 'mysql', postgres: 'postgresql', sqlite: 'sqlite' }

export const folderOf = (dialect: DialectName): string => join(ROOT, 'migrations', dialect)

/** A copy of the migrations of a dialect, with the file that drizzle-kit added; null when nothing was to add. */
export type Draft = Readonly<{ dialect: DialectName; folder: string; added: string | null; [Symbol.dispose](): void }>

type Wanted = Readonly<{ name: string; kind: 'empty' | 'difference'; mayAsk: boolean }>

/** Lets drizzle-kit write a migration into a copy: the tree stays as it is. */
export function draft(dialect: DialectName, { name, kind, mayAsk }: Wanted): Draft {
  const folder = mkdtempSync(join(tmpdir(), `migrations-${dialect}-`))
  const dispose = () => rmSync(folder, { recursive: true })
  try {
    if (existsSync(folderOf(dialect))) cpSync(folderOf(dialect), folder, { recursive: true })
    const before = new Set(readdirSync(folder))
    const complaint = generate(
      dialect,
      folder,
      kind === 'empty' ? ['--name', name, '--custom'] : ['--name', name],
      mayAsk,
    )
    const added = readdirSync(folder).find((file) => file.endsWith('.sql') && !before.has(file)) ?? null
    if (added === null && complaint !== '') throw new Error(complaintOf(dialect, complaint))
    if (added !== null) mend(dialect, join(folder, added))
    return { dialect, folder, added, [Symbol.dispose]: dispose }
  } catch (error) {
    dispose()
    throw error
  }
}

/** Runs drizzle-kit and returns what it complains of: it also exits with 0 when it fails. */
function generate(dialect: DialectName, folder: string, options: readonly string[], mayAsk: boolean): string {
  const model = join(folder, 'models.ts')
  writeFileSync(model, moduleOf(dialect))
  const target = ['--dialect', CALLED[dialect], '--schema', relative(ROOT, model)]
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [DRIZZLE_KIT, 'generate', ...target, '--out', relative(ROOT, folder), ...options],
    { cwd: ROOT, encoding: 'utf8', stdio: mayAsk ? ['inherit', 'inherit', 'pipe'] : ['ignore', 'pipe', 'pipe'] },
  )
  rmSync(model)
  const output = status === 0 ? stderr : `${stderr}${stdout ?? ''}` || `drizzle-kit ended with ${status}.`
  return stripVTControlCharacters(output).trim()
}

/** What drizzle-kit says, in a sentence. */
export const complaintOf = (dialect: DialectName, output: string): string =>
  `drizzle-kit on ${dialect}: ${output.includes('Interactive prompts require a TTY') ? RENAMED : output}`

/**
 * What a model cannot express: strict tables; and that no two texts are equal that differ, which each server calls
 * differently, and reads from the comment that is meant for it. Neither of them takes drizzle-kit's mark for a comment.
 */
const MENDED: Readonly<Partial<Record<DialectName, (sql: string) => string>>> = {
  mariadb: (sql) =>
    sql
      .replaceAll(/\n?--> statement-breakpoint/g, '')
      .replaceAll(/^\);$/gm, ') CHARACTER SET utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */;'),
  sqlite: (sql) => sql.replaceAll(/^\);$/gm, ') STRICT;'),
}

export const mended = (dialect: DialectName, sql: string): string => MENDED[dialect]?.(sql) ?? sql

function mend(dialect: DialectName, file: string): void {
  writeFileSync(file, mended(dialect, readFileSync(file, 'utf8')))
}
