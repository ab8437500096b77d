import { describe, it } from 'node:test'
import type { MemberId } from '../kit/library/member.ts'
import { type Faults, NO_FAULTS } from '../kit/simulated-process.ts'
import { inEveryWorld, inSomeWorld, type Scenario } from '../kit/simulated-seeds.ts'
import type { World } from '../kit/simulated-world.ts'
import {
  type BreakCommit,
  forgetsWhoseItIs,
  ignoresVersions,
  notesFirst,
  notesLast,
  notesNothing,
} from './broken-inboxes.ts'
import { type Incoming, openConsumer } from './simulated-consumers.ts'
import { bookId, MEMBERS, openLibrary, reviewId, type SimulatedLibrary } from './simulated-library.ts'

const HEAVY_FAULTS: Faults = { crash: 0.02, pause: 0.03, maxBackoffMs: 500, failure: 0.1 }
const HEAVY_FAULTS_MS = 500
const [SUBJECTS, VERSIONS] = [2, 3]

type Consumer = ReturnType<typeof openConsumer>

/** Each message is about another review, so that the effects differ. */
const MESSAGES: readonly Incoming[] = Array.from({ length: SUBJECTS * VERSIONS }, (_, i) => ({
  message: { id: `m${i}`, subject: `subject ${i % SUBJECTS}`, version: 1 + Math.floor(i / SUBJECTS), digest: '' },
  review: { id: reviewId(i), bookId: bookId(1), ownerId: MEMBERS[0] as MemberId },
}))

/** Two consumers of two processes each get every message one to five times, in any order, during a storm and after it. */
const deliveries =
  (breaking: BreakCommit = (commit) => commit): Scenario =>
  async (world) => {
    const faults = () => (world.now() < HEAVY_FAULTS_MS ? HEAVY_FAULTS : NO_FAULTS)
    const library = openLibrary(world)
    const consumers = ['lending', 'mails'].map((name) =>
      openConsumer(
        { world, library, faults, breaking: (driver) => ({ ...driver, commit: breaking(driver.commit) }) },
        name,
      ),
    )

    await Promise.all(consumers.map((consumer) => deliverAll(world, library, consumer)))

    for (const consumer of consumers) assertAllApplied(world, library, consumer)
  }

async function deliverAll({ dice, sleep, must }: World, library: SimulatedLibrary, consumer: Consumer): Promise<void> {
  const copies = MESSAGES.flatMap((incoming) => Array.from({ length: 1 + dice.below(5) }, () => incoming))
  await Promise.all(
    copies.map(async (incoming) => {
      await sleep(dice.below(HEAVY_FAULTS_MS))
      await consumer.deliver(incoming, (isNew) => {
        const { subject, version, id } = incoming.message
        const latest = appliedBy(consumer, library, subject)
        const isRight = isNew ? latest.includes(version) : latest.some((applied) => applied >= version)
        must(isRight, () => `Acknowledged without effect: ${id} by ${consumer.name}.`)
      })
    }),
  )
}

/** The versions of a subject that took effect, in their order. */
const appliedBy = ({ given }: Consumer, { state }: SimulatedLibrary, subject: string): readonly number[] =>
  [...state.loan.values()]
    .filter(({ id }) => given.has(id))
    .flatMap(({ note }) => MESSAGES.filter(({ review }) => review.id === note))
    .filter(({ message }) => message.subject === subject)
    .map(({ message }) => message.version)

function assertAllApplied({ must }: World, library: SimulatedLibrary, consumer: Consumer): void {
  for (let i = 0; i < SUBJECTS; i++) {
    const versions = appliedBy(consumer, library, `subject ${i}`)
    const isInOrder = versions.every((version, at) => at === 0 || version > Number(versions[at - 1]))
    must(isInOrder, () => `Applied twice or backwards by ${consumer.name}: ${versions}.`)
    must(versions.at(-1) === VERSIONS, () => `Lost by ${consumer.name}: the last of ${versions}.`)
  }
}

describe('consumers with an inbox', () => {
  it('apply each message once per name, never after a later one, and lose none, through crashes and repetition', (t) =>
    inEveryWorld(t, 600, deliveries()))
})

describe('the simulation of consumers notices', () => {
  it('an inbox that does not know who handled a message', (t) =>
    inSomeWorld(t, /without effect|Lost/, deliveries(forgetsWhoseItIs)))

  it('a message that is noted before its effect', (t) => inSomeWorld(t, /without effect|Lost/, deliveries(notesFirst)))

  it('a message that is noted after its effect', (t) => inSomeWorld(t, /twice/, deliveries(notesLast)))

  it('a message that is not noted', (t) => inSomeWorld(t, /twice/, deliveries(notesNothing)))

  it('an inbox that lets old versions pass', (t) => inSomeWorld(t, /backwards/, deliveries(ignoresVersions)))
})
