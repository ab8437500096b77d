import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { withTables } from '../../scripts/test/engine-tables.ts'
import { formatPasses, mergePasses, type Pass, parseAsks, parsePasses } from '../../scripts/test/passes.ts'
import { passesOf } from '../../scripts/test/record.ts'
import { missing } from '../kit/engines.ts'

const read = (path: string): string => readFileSync(new URL(`../../docs/${path}`, import.meta.url), 'utf8')
const ENGINES = Object.keys(missing)
const EMPTY = 'a\n<!-- tables: begin --><!-- tables: end -->\nb'
const PASSED = ['contracts/nats-queue', 'contracts/queue-process', 'e2e/a', 'e2e/matrix']
const NATS: Pass = { engine: 'nats', server: 'NATS 2.9.10', file: 'contracts/nats-queue', day: '2026-01-02' }

const rowsOf = (passes: readonly Pass[]): readonly string[] => withTables(EMPTY, passes, ['nats', 'kafka']).split('\n')

describe('docs/engines.md', () => {
  const passes = parsePasses(read('engines.tsv'))

  it('says what docs/engines.tsv says, of every engine (npm test -- --record writes both)', () => {
    const page = read('engines.md')

    assert.equal(page, withTables(page, passes, ENGINES))
    assert.deepEqual(
      passes.filter(({ engine }) => !ENGINES.includes(engine)),
      [],
    )
  })

  it('rests on notes that are complete and sorted, one for each server and file', () => {
    assert.equal(read('engines.tsv'), formatPasses(mergePasses(passes, [], () => true)))
  })
})

describe('the tables of engines', () => {
  it('count the files that passed on each server, by folder, and name engines on which none did', () => {
    const chaos = { ...NATS, file: 'chaos/events-poison', day: '2026-01-03' }
    const rows = rowsOf([NATS, chaos, { ...NATS, file: 'contracts/a' }, { ...NATS, server: 'NATS 2.15.3' }])

    assert.ok(rows.includes('| server | `chaos` | `contracts` | last run |'), rows.join('\n'))
    assert.ok(rows.includes('| NATS 2.9.10 | 1 | 2 | 2026-01-03 |'), rows.join('\n'))
    assert.ok(rows.includes('| NATS 2.15.3 |  | 1 | 2026-01-02 |'), rows.join('\n'))
    assert.ok(rows.includes('| kafka |  |  | not noted |'), rows.join('\n'))
  })

  it('say of each series which versions were run, and that none was', () => {
    const older = rowsOf([NATS])
    const newer = rowsOf([{ ...NATS, server: 'NATS 2.15.3' }])

    assert.ok(older.includes('| NATS | 2.9 | 2.10 | 2.9.10 |') && older.includes('| NATS | 2.10 |  | not noted |'))
    assert.ok(newer.includes('| NATS | 2.9 | 2.10 | not noted |') && newer.includes('| NATS | 2.10 |  | 2.15.3 |'))
  })

  it('leave the rest of the page as it is, and refuse a page that has no place for them', () => {
    assert.match(withTables(EMPTY, [NATS], ENGINES), /^a\n<!--.*-->\nb$/s)
    assert.throws(() => withTables('a', [NATS], ENGINES))
  })
})

describe('what a run of tests proves', () => {
  const ask = (engine: string, file: string, whose = 'shared') => `${engine}\t${whose}\t/x/tests/${file}\n`
  const servers = new Map([['nats', 'NATS 2.9.10']])
  const provedBy = (asks: string, isSame = true) =>
    passesOf(parseAsks(asks), PASSED, servers, () => isSame).map(({ file }) => file)

  it('is that a file passed on the servers that it asked for', () => {
    assert.deepEqual(provedBy(ask('nats', 'contracts/nats-queue.test.ts')), ['contracts/nats-queue'])
    assert.deepEqual(provedBy(ask('nats', 'e2e/a.test.ts', 'own')), ['e2e/a'])
  })

  it('is nothing about a file that failed, missed an engine, used another server, or is no file of tests', () => {
    assert.deepEqual(provedBy(ask('nats', 'e2e/failed.test.ts')), [])
    assert.deepEqual(provedBy(ask('nats', 'e2e/matrix.test.ts') + ask('kafka', 'e2e/matrix.test.ts')), [])
    assert.deepEqual(provedBy(ask('nats', 'e2e/a.test.ts') + ask('nats', 'e2e/a.test.ts', 'own'), false), [])
    assert.deepEqual(provedBy(ask('nats', 'contracts/queue-process.ts')), [])
  })

  it('replaces what was known of the same server and file; files that are gone go', () => {
    const again = { ...NATS, day: '2026-02-01' }

    assert.deepEqual(
      mergePasses([NATS], [again], () => true),
      [again],
    )
    assert.deepEqual(
      mergePasses([NATS], [], () => false),
      [],
    )
  })
})
