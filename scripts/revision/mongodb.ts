import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { FORUM } from '../../src/infrastructures/store/aggregates/forum.ts'
import { readMigrations } from '../../src/infrastructures/store/migrations.ts'
import { type Collection, collectionsOf, commandsOf } from '../../src/infrastructures/store/mongodb/schema.ts'

const FOLDER = fileURLToPath(new URL('../../migrations/mongodb/', import.meta.url))

type Index = Collection['indexes'][number]
type Command = Readonly<Record<string, unknown>>
type Schema = ReadonlyMap<string, Collection>

/** Writes the next migration, empty or from the difference; null where there is none. Returns its file. */
export function reviseMongodb(name: string, kind: 'empty' | 'difference'): string | null {
  const commands = kind === 'empty' ? [] : difference()
  if (kind === 'difference' && commands.length === 0) return null
  const number = String(readMigrations('mongodb').length + 1).padStart(4, '0')
  const file = `${number}_${name}.json`
  mkdirSync(FOLDER, { recursive: true })
  writeFileSync(join(FOLDER, file), `${JSON.stringify(commands, null, 2)}\n`)
  return `migrations/mongodb/${file}`
}

/** What is wrong with the migrations: commands that are missing to build what the descriptions say. */
export function mongodbProblems(): readonly string[] {
  const commands = difference()
  return commands.length === 0
    ? []
    : [`mongodb: the descriptions have changed since the last migration:\n${JSON.stringify(commands, null, 2)}`]
}

/** The commands that make what the migrations build into what the descriptions say. */
function difference(): readonly Command[] {
  const built = readMigrations('mongodb')
    .flatMap(({ sql: text }) => JSON.parse(text) as Command[])
    .reduce(after, new Map() as Schema)
  const wanted = new Map(collectionsOf(FORUM.aggregates).map((collection) => [collection.name, collection]))
  return [
    ...[...wanted.values()].flatMap((collection) => changesOf(built.get(collection.name), collection)),
    ...[...built.keys()].filter((name) => !wanted.has(name)).map((name) => ({ drop: name })),
  ]
}

function changesOf(built: Collection | undefined, wanted: Collection): readonly Command[] {
  if (built === undefined) return commandsOf(wanted)
  const { name, validator, indexes } = wanted
  const missing = indexes.filter((index) => !built.indexes.some((other) => isDeepStrictEqual(index, other)))
  const surplus = built.indexes.filter((index) => !indexes.some((other) => isDeepStrictEqual(index, other)))
  return [
    ...(isDeepStrictEqual(built.validator, validator) ? [] : [{ collMod: name, validator }]),
    ...surplus.map((index) => ({ dropIndexes: name, index: index.name })),
    ...(missing.length === 0 ? [] : [{ createIndexes: name, indexes: missing }]),
  ]
}

/** What a command makes of a schema. */
function after(schema: Schema, command: Command): Schema {
  const [[verb, target] = []] = Object.entries(command)
  const name = String(target)
  const before = schema.get(name) ?? { name, validator: {}, indexes: [] }
  const next = new Map(schema)
  if (verb === 'drop') next.delete(name)
  else if (verb === 'create' || verb === 'collMod') {
    next.set(name, { ...before, validator: command['validator'] as Collection['validator'] })
  } else if (verb === 'createIndexes') {
    next.set(name, { ...before, indexes: [...before.indexes, ...(command['indexes'] as Index[])] })
  } else if (verb === 'dropIndexes') {
    next.set(name, { ...before, indexes: before.indexes.filter((index) => index.name !== command['index']) })
  }
  return next
}
