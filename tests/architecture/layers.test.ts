import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PLANTED } from './planted.ts'
import { unneededPorts } from './ports.ts'
import { RULES, violationsIn } from './rules.ts'
import { readHouse, sourceFile } from './source-file.ts'

const house = readHouse(new URL('../../src/', import.meta.url))

describe('the house', () => {
  it('was read, every layer of it', () => {
    const layers = new Set(house.map(({ path }) => path.split('/')[0]))

    assert.deepEqual([...layers].sort(), [
      'controllers',
      'development',
      'domains',
      'infrastructures',
      'main',
      'main.ts',
      'patterns',
    ])
    assert.ok(house.length > 100, `${house.length} files`)
    assert.ok(house.flatMap(({ targets }) => targets).length > 300)
  })

  it('has files of a median of at most 50 lines', (t) => {
    const sizes = house.map(({ text }) => text.trimEnd().split('\n').length).sort((one, other) => one - other)
    const [median = 0, most = 0] = [sizes[Math.floor(sizes.length / 2)], sizes.at(-1)]

    t.diagnostic(
      `${sizes.length} files, ${sizes.reduce((sum, size) => sum + size, 0)} lines, median ${median}, most ${most}`,
    )
    assert.ok(median <= 50)
  })

  it('has no port in the domain that only adapters speak of', () => {
    assert.deepEqual(unneededPorts(house), [])
  })

  for (const name of Object.keys(RULES)) {
    it(`keeps the rule: ${name}`, () => {
      assert.deepEqual(
        violationsIn(house).filter((violation) => violation.startsWith(`${name}: `)),
        [],
      )
    })
  }
})

describe('a port that only adapters speak of', () => {
  const port = sourceFile('domains/ports/cache.ts', '')
  const adapter = sourceFile('infrastructures/cache/memory.ts', `import '../../domains/ports/cache.ts'`)
  const store = sourceFile('domains/ports/store.ts', `import './cache.ts'`)
  const service = sourceFile('domains/services/post-service.ts', `import '../ports/store.ts'`)

  it('is found', () => {
    assert.deepEqual(unneededPorts([port, adapter]), ['domains/ports/cache.ts'])
    assert.deepEqual(unneededPorts([port, adapter, store]), ['domains/ports/cache.ts', 'domains/ports/store.ts'])
  })

  it('does not include one that the domain needs through another', () => {
    assert.deepEqual(unneededPorts([port, adapter, store, service]), [])
  })
})

describe('each rule of the house', () => {
  for (const [name, { caught, left }] of Object.entries(PLANTED)) {
    for (const [path, text] of caught) {
      it(`catches what breaks it (${name}): ${path}: ${text.slice(0, 70)}`, () => {
        const broken = violationsIn([sourceFile(path, text)]).map((violation) => violation.split(': ')[0])

        assert.ok(broken.includes(name), `only ${broken}`)
      })
    }

    for (const [path, text] of left) {
      it(`leaves alone what does not break it (${name}): ${path}: ${text.slice(0, 70)}`, () => {
        assert.deepEqual(violationsIn([sourceFile(path, text)]), [])
      })
    }
  }
})
