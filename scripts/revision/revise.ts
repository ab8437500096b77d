import { cpSync, readdirSync } from 'node:fs'
import { DIALECTS, type Draft, draft, folderOf } from './draft.ts'
import { reviseMongodb } from './mongodb.ts'

/** Adds a migration to each database, or to none: empty ones, or to those whose models changed. */
export function revise(name: string, kind: 'empty' | 'difference'): void {
  assertNew(name)
  const mayAsk = Boolean(process.stdin.isTTY && process.stdout.isTTY)
  using drafts = new DisposableStack()
  const written = DIALECTS.map((dialect) => drafts.use(draft(dialect, { name, kind, mayAsk })))
  for (const each of written) keep(each)
  const onMongodb = reviseMongodb(name, kind)
  if (onMongodb !== null) console.log(onMongodb)
  else if (written.every(({ added }) => added === null))
    console.log('Models and migrations agree: there is nothing to write.')
}

function keep({ dialect, folder, added }: Draft): void {
  if (added === null) return
  cpSync(folder, folderOf(dialect), { recursive: true })
  console.log(`migrations/${dialect}/${added}`)
}

function assertNew(name: string): void {
  const existing = DIALECTS.flatMap((dialect) => readdirSync(folderOf(dialect)))
  const twin = existing.find((file) => file.replace(/^\d+_/, '') === `${name}.sql`)
  if (twin !== undefined) throw new Error(`There is a migration of that name already: ${twin}`)
}
