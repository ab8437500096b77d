import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { reachesOfTheSample } from './proofs.ts'
import { readHouse, sourceFile } from './source-file.ts'

const SUITE = 'tests/contracts/listing.contract.ts'
const TYPE = 'tests/kit/library/book.ts'
const HELPER = 'tests/kit/watched.ts'

const REACHES: readonly Readonly<Record<string, string>>[] = [
  { [SUITE]: `import type { Post } from '../../src/domains/entities/post.ts'` },
  { [SUITE]: `import { PostNotFound } from '../../src/domains/errors/post-errors.ts'` },
  { [SUITE]: `import type { UserId } from '../../src/domains/entities/user.ts'` },
  { [SUITE]: `import { PostEvents } from '../../src/domains/events/post-events.ts'` },
  { [SUITE]: `import { createPostService } from '../../src/domains/services/post-service.ts'` },
  { [SUITE]: `import { existingUser } from '../../src/domains/usecases/users/present-user.ts'` },
  { [SUITE]: `import type { Store } from '../../src/domains/ports/store.ts'` },
  { [SUITE]: `import { FORUM } from '../../src/infrastructures/store/aggregates/forum.ts'` },
  { [SUITE]: `import { aPost } from '../fixtures.ts'` },
  { [SUITE]: `await import('../kit/forum-store.ts')` },
  { [TYPE]: `import type { User } from '../../../src/domains/entities/user.ts'` },
  { [SUITE]: `import '../kit/watched.ts'`, [HELPER]: `export { aPost } from '../fixtures.ts'` },
  { 'tests/contracts/memory.test.ts': `import './forum/aggregates.test.ts'` },
]

const LEFT: readonly Readonly<Record<string, string>>[] = [
  {
    [SUITE]: `import { aBook } from '../kit/library/samples.ts'`,
    [TYPE]: `import '../../../src/domains/entities/version.ts'`,
  },
  { [SUITE]: `import '../../src/infrastructures/store/postgres/dialect.ts'` },
  { [HELPER]: `export { aPost } from '../fixtures.ts'` },
  {
    'tests/contracts/forum/aggregates.test.ts': `import { FORUM } from '../../../src/infrastructures/store/aggregates/forum.ts'`,
  },
]

const filesOf = (texts: Readonly<Record<string, string>>) =>
  Object.entries(texts).map(([path, text]) => sourceFile(path, text))

describe('what is proved of stores, caches and queues', () => {
  it('outlives the sample: nothing in it knows the forum', () => {
    const tests = readHouse(new URL('../', import.meta.url)).map(({ path, text }) => sourceFile(`tests/${path}`, text))

    assert.ok(tests.filter(({ path }) => path.startsWith('tests/contracts/')).length > 50)
    assert.deepEqual(reachesOfTheSample(tests), [])
  })

  for (const texts of REACHES) {
    it(`is caught knowing it: ${Object.values(texts).join(' … ')}`, () => {
      assert.equal(reachesOfTheSample(filesOf(texts)).length, 1)
    })
  }

  for (const texts of LEFT) {
    it(`is left alone: ${Object.values(texts).join(' … ')}`, () => {
      assert.deepEqual(reachesOfTheSample(filesOf(texts)), [])
    })
  }
})
