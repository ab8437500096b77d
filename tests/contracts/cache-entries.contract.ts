import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { Serializable } from '../../src/infrastructures/cache/cache.ts'
import { aBook, aMember, aReview } from '../kit/library/samples.ts'
import { noon } from '../kit/noon.ts'
import { aSource, type CacheFeatures, type CacheWorld, untilKept } from './opened-cache.ts'

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('\ud800', '\udfff-'),
)
const field = fc.oneof(text, fc.constantFrom('$date', '$number', '$$', '$', '__proto__', 'constructor', '', '0', 'a:b'))
const leaf = fc.oneof(
  text,
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.date({ noInvalidDate: false }),
  fc.constantFrom(-0, Number.MAX_SAFE_INTEGER, Number.MIN_VALUE),
)
const { value: anything } = fc.letrec<{ value: Serializable }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(field, tie('value'), { maxKeys: 5, noNullPrototype: true }),
  ),
}))

export function describeCopies(world: () => CacheWorld, { keeps }: CacheFeatures): void {
  const skip = keeps ? false : 'it keeps nothing'

  describe('a copy', () => {
    it('is given once the value was loaded, and nothing is loaded any more', { skip }, async () => {
      const { cache, newKey } = world()
      const [key, source] = [newKey(), aSource<string>('one')]
      const { hits, loads } = cache.stats

      assert.equal(await cache.get(key, source.load), 'one')
      source.value = 'two'

      assert.equal(await cache.get(key, source.load), 'one')
      assert.equal(source.loads, 1)
      assert.equal(await cache.get(key, source.load), 'one')
      assert.equal(cache.stats.loads - loads, 1)
      assert.ok(cache.stats.hits > hits)
    })

    it('is given to other processes too', { skip }, async () => {
      const { cache, other, newKey } = world()
      const [key, book] = [newKey(), aBook()]
      const source = aSource(book)
      await cache.get(key, source.load)
      await untilKept(cache)

      assert.deepEqual(await other.get(key, source.load), book)
      assert.deepEqual(await other.get(key, source.load), book)
      assert.equal(source.loads, 1)
    })

    for (const [name, entity] of Object.entries({
      book: aBook(),
      review: aReview(),
      member: aMember({ removedAt: noon }),
    })) {
      it(`of a ${name} is as it was, to the last byte of its answer`, async () => {
        const { cache, other, newKey } = world()
        const key = newKey()
        const load = async () => entity

        await cache.get<Serializable>(key, load)
        await untilKept(cache)

        for (const copy of [await cache.get<Serializable>(key, load), await other.get<Serializable>(key, load)]) {
          assert.deepEqual(copy, entity)
          assert.equal(JSON.stringify(copy), JSON.stringify(entity))
        }
      })
    }

    it('is as it was, whatever it is', async () => {
      const { cache, other, newKey } = world()

      const property = fc.asyncProperty(anything, async (value) => {
        const key = newKey()
        const load = async () => value
        assert.deepEqual(await cache.get(key, load), value)
        await untilKept(cache)
        assert.deepEqual(await other.get(key, load), value)
        assert.deepEqual(await cache.get(key, load), value)
      })

      await fc.assert(property, { numRuns: 200 })
    })

    it('says that there is nothing', { skip }, async () => {
      const { cache, other, newKey } = world()
      const [key, source] = [newKey(), aSource<string>(null)]
      await cache.get(key, source.load)
      await untilKept(cache)
      source.value = 'something'

      assert.equal(await cache.get(key, source.load), null)
      assert.equal(await other.get(key, source.load), null)
      assert.equal(source.loads, 1)
    })

    it('belongs to its key alone, whatever the key', async () => {
      const { cache, other, newKey } = world()
      const apart = newKey()
      const odd = [
        '',
        ' ',
        ':',
        '::',
        'a',
        'a:',
        'a:b',
        'a b',
        'a*',
        '*',
        '?',
        '[a]',
        '"',
        '\\',
        '\n',
        '\0',
        'é',
        'e\u0301',
        '\ud800',
        '\ud801',
        '\ufffd',
        '{a}',
        '__proto__',
      ]
      const keys = odd.flatMap((rest) => [`${apart}${rest}`, `${rest}${apart}`])

      for (const key of keys) await cache.get(key, async () => `of ${JSON.stringify(key)}`)
      await untilKept(cache)

      for (const key of keys) {
        assert.equal(await other.get(key, async () => `of ${JSON.stringify(key)}`), `of ${JSON.stringify(key)}`)
      }
    })
  })
}
