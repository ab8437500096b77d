import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { keycloakNews } from '../../src/controllers/http/v1/keycloak-user-event.ts'
import type { PersonNews } from '../../src/domains/entities/person-news.ts'
import { UserId } from '../../src/domains/entities/user.ts'
import { createUserSynchronization } from '../../src/domains/services/user-synchronization.ts'
import { alice, aUser, minutesAfterNoon, noon, setUp } from '../fixtures.ts'
import { WEBHOOK } from '../kit/http.ts'
import { CAPTURES } from '../kit/keycloak-captures.ts'

const SUBJECT = 'b7a1d6f0-0000-4000-8000-000000000001'

/** Delivers all in that order, and returns the mirror of each person. */
async function mirrorAfter(all: readonly PersonNews[]) {
  const { store, state } = setUp({ users: [] })
  const synchronization = createUserSynchronization({ store, now: () => noon, idOf: UserId.parse })
  for (const news of all) {
    const id = JSON.stringify(news)
    await synchronization.receive({ delivery: id, event: id, news })
  }
  return [...state.user.values()]
    .map(({ id, username, fullName, email, isActive, removedAt }) => ({
      ...{ id, username, fullName, email, isActive },
      isGone: removedAt !== null,
    }))
    .sort((one, other) => (one.id < other.id ? -1 : 1))
}

const at = (milliseconds: number, news: Omit<PersonNews, 'subject' | 'at'>): PersonNews => ({
  subject: SUBJECT,
  at: new Date(milliseconds),
  ...news,
})

const changed = (milliseconds: number, facts: PersonNews['facts']) => at(milliseconds, { kind: 'changed', facts })

/** A life in which three things happen in the same millisecond, in partial events. */
const LIFE = [
  at(100, {
    kind: 'created',
    facts: { username: 'old', firstName: 'Ada', lastName: 'Byron', email: 'ada@example.org', isActive: true },
  }),
  changed(100, { lastName: 'King' }),
  changed(200, { email: 'king@example.org' }),
  changed(200, { email: 'lovelace@example.org' }),
  changed(300, { username: 'ada', isActive: false }),
]

const captures = CAPTURES.flatMap(({ body }) => keycloakNews(Buffer.from(body), WEBHOOK.realm)?.news ?? [])
const survivors = captures.filter(({ kind }) => kind !== 'removed')

describe('news of people', () => {
  it('ends in the same mirror in each of its orders', async () => {
    const expected = await mirrorAfter(LIFE)
    assert.deepEqual(expected, [
      {
        ...{ id: SUBJECT, username: 'ada', fullName: 'Ada King', email: 'king@example.org', isActive: false },
        isGone: false,
      },
    ])
    for (const order of permutations(LIFE)) assert.deepEqual(await mirrorAfter(order), expected)
  })

  it('of all captures ends in the same mirror in 1,000 random orders, with and without the removals', async () => {
    for (const [all, rounds] of [
      [survivors, 500],
      [captures, 500],
    ] as const) {
      const expected = await mirrorAfter(all)
      assert.ok(expected.length >= 8)
      for (let seed = 1; seed <= rounds; seed++) {
        assert.deepEqual(await mirrorAfter(shuffled(all, seed)), expected, `seed ${seed}`)
      }
    }
  })

  it('of a removal wins over everything, also over what happens in the same millisecond', async () => {
    for (const order of permutations([...LIFE.slice(2), at(200, { kind: 'removed', facts: {} })])) {
      assert.deepEqual(await mirrorAfter(order), [
        { id: SUBJECT, username: '', fullName: null, email: null, isActive: false, isGone: true },
      ])
    }
  })

  it('adds one event, and none if it is not newer', async () => {
    const { store, recordedEvents } = setUp({ users: [] })
    const synchronization = createUserSynchronization({ store, now: () => noon, idOf: UserId.parse })
    const receive = (news: PersonNews, event: string) => synchronization.receive({ delivery: event, event, news })

    const outcomes = [
      await receive(changed(200, { email: 'new@example.org' }), 'one'),
      await receive(changed(100, { email: 'old@example.org' }), 'two'),
      await receive(changed(300, { isActive: false }), 'three'),
      await receive(changed(300, { isActive: false }), 'three'),
      await receive(at(50, { kind: 'removed', facts: {} }), 'four'),
      await receive(changed(400, { isActive: true }), 'five'),
    ]

    assert.deepEqual(outcomes, ['registered', 'unchanged', 'changed', 'repeated', 'removed', 'unchanged'])
    assert.deepEqual(recordedEvents(), ['user.registered 1', 'user.changed 2', 'user.removed 3'])
  })

  it('of one name keeps the other one, also if it came from a token', async () => {
    for (const [facts, previous, expected] of [
      [{ firstName: 'Alicia' }, { firstName: 'Alice' }, 'Alicia Liddell'],
      [{ lastName: 'Hargreaves' }, { lastName: 'Liddell' }, 'Alice Hargreaves'],
      [{ lastName: null }, { lastName: 'Liddell' }, 'Alice'],
      [{ firstName: 'Al', lastName: 'Li' }, {}, 'Al Li'],
    ] as const) {
      const { store } = setUp({ users: [aUser({ fullName: 'Alice Liddell' })] })
      const synchronization = createUserSynchronization({
        store,
        now: () => minutesAfterNoon(1),
        idOf: UserId.parse,
      })
      const news = { subject: alice.userId, kind: 'changed', at: noon, facts, previous } as const

      await synchronization.receive({ delivery: 'one', event: 'one', news })

      assert.equal((await store.users.get(alice.userId)).fullName, expected)
    }
  })
})

function* permutations<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  if (items.length < 2) yield items
  for (const [index, item] of items.entries()) {
    if (items.length >= 2) for (const rest of permutations(items.toSpliced(index, 1))) yield [item, ...rest]
  }
}

/** The same order for the same seed. */
function shuffled<Item>(items: readonly Item[], seed: number): readonly Item[] {
  let state = seed
  const random = () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return state / 2 ** 32
  }
  const all = [...items]
  for (let last = all.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    ;[all[last], all[other]] = [all[other] as Item, all[last] as Item]
  }
  return all
}
