import assert from 'node:assert/strict'
import { it } from 'node:test'
import { UserId } from '../../src/domains/entities/user.ts'
import { minutesAfterNoon } from '../fixtures.ts'
import type { Answer } from '../kit/answers.ts'
import type { Forum } from '../kit/http.ts'

const SORTS = ['createdAt', '-createdAt', 'updatedAt', '-updatedAt']

type Query = Readonly<Record<string, string | number>>
type State = Readonly<{ createdAt: Date; updatedAt: Date; ownerId: UserId }>

/** Three are written in each minute, so that ties are everywhere; they were changed in another order. */
export function eachState({ alice, bob }: Forum, count: number, add: (n: number, state: State) => void): void {
  for (let n = 1; n <= count; n++) {
    const createdAt = minutesAfterNoon(Math.floor(n / 3))
    const ownerId = UserId.parse(n % 2 ? alice.id : bob.id)
    add(n, { createdAt, updatedAt: minutesAfterNoon(60 + ((n * 7) % 5)), ownerId })
  }
}

/** The ids of all that a list has, page by page. */
export async function walk(forum: Forum, path: string, query: Query): Promise<readonly string[]> {
  const seen: string[] = []
  let url: string | null = `/v1/${path}?${new URLSearchParams(query as Record<string, string>)}`
  while (url !== null) {
    const { status, headers, body }: Answer = await forum.call(forum.alice, 'GET', url)
    assert.equal(status, 200)
    seen.push(...body.items.map(({ id }) => id))
    assert.equal(headers['link'] === undefined, body.nextCursor === null, 'there is a link where there is a cursor')
    url = /^<(.+)>; rel="next"$/.exec(headers['link'] ?? '')?.[1] ?? null
  }
  return seen
}

/** A list of so many has each once, whatever its order. */
export function describeWalks(path: string, count: number, forum: () => Forum): void {
  for (const sort of SORTS) {
    it(`walks all ${path} by ${sort}, each once and in order, whatever the size of a page`, async () => {
      const key = sort.replace('-', '') as 'createdAt' | 'updatedAt'
      const { body } = await forum().call(forum().alice, 'GET', `/v1/${path}?sort=${sort}&limit=100`)
      const expected = [...body.items].sort((one, other) => {
        const order = one[key].localeCompare(other[key]) || one.id.localeCompare(other.id)
        return sort.startsWith('-') ? -order : order
      })

      assert.equal(body.items.length, count)
      assert.deepEqual(body.items, expected)
      for (const limit of [1, 4, 25, 100]) {
        assert.deepEqual(
          await walk(forum(), path, { sort, limit }),
          expected.map(({ id }) => id),
        )
      }
    })
  }
}
