import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { withTables } from './engine-tables.ts'
import { type Ask, formatPasses, mergePasses, type Pass, parsePasses } from './passes.ts'

const urlOf = (path: string): URL => new URL(`../../${path}`, import.meta.url)
const [RECORD, PAGE] = [urlOf('docs/engines.tsv'), urlOf('docs/engines.md')]
const ENGINES = join(import.meta.dirname, '../engines')

/**
 * What files that passed prove of the servers that it ran on. A file that missed an engine proves nothing; nor does one
 * that started a server itself, where the shared one is of other programs.
 */
export function passesOf(
  asks: readonly Ask[],
  passed: readonly string[],
  servers: ReadonlyMap<string, string>,
  isSame: (engine: string) => boolean,
): readonly Pass[] {
  const day = new Date().toISOString().slice(0, 10)
  const incomplete = new Set(asks.filter(({ engine }) => !servers.has(engine)).map(({ file }) => file))
  const ofOwn = asks.filter(({ whose }) => whose === 'own')
  const foreign = new Set([...new Set(ofOwn.map(({ engine }) => engine))].filter((engine) => !isSame(engine)))
  const elsewhere = new Set(ofOwn.filter(({ engine }) => foreign.has(engine)).map(nameOf))
  return asks.flatMap((ask) => {
    const server = servers.get(ask.engine)
    const isProof = passed.includes(ask.file) && !incomplete.has(ask.file) && !elsewhere.has(nameOf(ask))
    if (server === undefined || !isProof) return []
    return [{ engine: ask.engine, server, file: ask.file, day }]
  })
}

/** Servers that the page does not tell of. */
export function unknownServers(servers: readonly string[]): readonly string[] {
  const known = new Set(readRecord().map(({ server }) => server))
  return servers.filter((server) => !known.has(server))
}

export function record(passes: readonly Pass[], engines: readonly string[]): void {
  const all = mergePasses(readRecord(), passes, (file) => existsSync(urlOf(`tests/${file}.test.ts`)))
  writeFileSync(RECORD, formatPasses(all))
  writeFileSync(PAGE, withTables(readFileSync(PAGE, 'utf8'), all, engines))
}

const readRecord = (): readonly Pass[] => parsePasses(readFileSync(RECORD, 'utf8'))

const nameOf = ({ engine, file }: Ask): string => `${engine} ${file}`

/** Whether the configured server runs the programs of which the tests start servers of their own. */
export function isStartedHere(engine: string): boolean {
  const { stdout } = spawnSync(ENGINES, ['env', engine], { encoding: 'utf8' })
  const [, name = '', value] = /^export (\w+)=(\S+)/.exec(stdout) ?? []
  return value !== undefined && process.env[name] === value
}
