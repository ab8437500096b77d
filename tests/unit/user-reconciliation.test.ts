import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { PersonNews } from '../../src/domains/entities/person-news.ts'
import { type User, UserId } from '../../src/domains/entities/user.ts'
import { DependencyUnavailable } from '../../src/domains/errors/dependency-errors.ts'
import type { PersonDirectory } from '../../src/domains/ports/person-directory.ts'
import { createUserReconciliation } from '../../src/domains/services/user-reconciliation.ts'
import { alice, aPost, aUser, bob, minutesAfterNoon, noon, setUp, superAdmin, userOf } from '../fixtures.ts'

const read = (subject: string, facts: Partial<PersonNews['facts']> = {}, at = minutesAfterNoon(1)): PersonNews => ({
  ...{ subject, kind: 'changed', at },
  facts: { username: 'x', firstName: null, lastName: null, email: null, isActive: true, ...facts },
})
const asMirrored = ({ id, username, fullName, email }: User) => read(id, { username, firstName: fullName, email })

/** A directory of these people, of whom pages leave out some. */
const directoryOf = (people: readonly PersonNews[], unlisted: readonly string[] = []): PersonDirectory => ({
  async *pages() {
    const listed = people.filter(({ subject }) => !unlisted.includes(subject))
    yield listed.slice(0, 1)
    yield listed.slice(1)
  },
  find: async (subject) => people.find((one) => one.subject === subject) ?? null,
})

function open(directory: PersonDirectory, given: Parameters<typeof setUp>[0] = {}) {
  const world = setUp(given)
  const idOf = (subject: string) => UserId.parse(subject)
  const reconciliation = createUserReconciliation({ store: world.store, directory, now: () => noon, idOf })
  const repairs: string[] = []
  const run = (isDryRun = false) =>
    reconciliation.run({
      isDryRun,
      onRepair: ({ id, outcome, fields }) => void repairs.push([id, outcome, ...fields].join(' ')),
    })
  return { ...world, run, repairs }
}

const people = [alice, bob, superAdmin].map(userOf)
const same = people.map(asMirrored)

describe('reconciling users', () => {
  it('changes and reports nothing where the mirror is right', async () => {
    const { run, repairs, recordedEvents } = open(directoryOf(same))

    assert.deepEqual(await run(), { read: 3, registered: 0, changed: 0, removed: 0, unchanged: 3, isComplete: true })
    assert.deepEqual([repairs, recordedEvents()], [[], []])
  })

  for (const isDryRun of [true, false]) {
    it(`repairs all that differs${isDryRun ? ', or only reports it' : ', each with its event'}`, async () => {
      const zoe = 'b7a1d6f0-0000-4000-8000-000000000001'
      const directory = directoryOf([
        read(alice.userId, { username: 'alice', firstName: 'Alicia', email: 'alice@example.org' }),
        read(superAdmin.userId, { username: 'ada', firstName: 'Ada', email: 'ada@example.org', isActive: false }),
        read(zoe, { username: 'zoe' }),
      ])
      const { run, repairs, recordedEvents, state } = open(directory, { posts: [aPost({ ownerId: bob.userId })] })

      assert.deepEqual(await run(isDryRun), {
        ...{ read: 3, registered: 1, changed: 2, removed: 1, unchanged: 0, isComplete: true },
      })
      assert.deepEqual(repairs, [
        `${alice.userId} changed fullName`,
        `${superAdmin.userId} changed isActive`,
        `${zoe} registered`,
        `${bob.userId} removed`,
      ])
      assert.equal(state.post.size, isDryRun ? 1 : 0)
      assert.equal(recordedEvents().length, isDryRun ? 0 : 5)
    })
  }

  it('asks for each whom the pages left out before it removes anyone', async () => {
    const { run, repairs } = open(directoryOf(same, [bob.userId, superAdmin.userId]))

    assert.deepEqual(await run(), { read: 1, registered: 0, changed: 0, removed: 0, unchanged: 3, isComplete: true })
    assert.deepEqual(repairs, [])
  })

  it('removes no user when the directory fails', async () => {
    const find = async () => {
      throw new DependencyUnavailable('identity provider')
    }
    const { run, recordedEvents } = open({ ...directoryOf(same, [bob.userId]), find })

    await assert.rejects(run(), DependencyUnavailable)
    assert.deepEqual(recordedEvents(), [])
  })

  it('neither overrides the facts of a newer event nor brings back a removed user', async () => {
    const news = read(alice.userId, { firstName: 'Old' }, noon)
    const record = `{"told":{"firstName":{"value":"New","at":${noon.getTime() + 1},"rank":1}},"token":null}`
    const { run, store } = open(directoryOf([news, read(bob.userId)]), {
      users: [
        aUser({ fullName: 'New', identityRecord: record }),
        { ...userOf(bob), isActive: false, username: '', removedAt: noon },
      ],
    })

    await run()

    assert.equal((await store.users.get(alice.userId)).fullName, 'New')
    assert.equal((await store.users.get(bob.userId)).username, '')
  })
})
