import type { StoreDriver } from '../../src/infrastructures/store/driver.ts'

export type BreakCommit = (commit: StoreDriver['commit']) => StoreDriver['commit']

export const forgetsWhoseItIs: BreakCommit = (commit) => (changes) =>
  commit(
    changes.map((change) =>
      change.kind === 'mark-processed' ? { ...change, message: { ...change.message, consumer: 'all' } } : change,
    ),
  )

export const ignoresVersions: BreakCommit = (commit) => (changes) =>
  commit(
    changes.map((change) =>
      change.kind === 'mark-processed'
        ? { ...change, message: { ...change.message, subject: change.message.id } }
        : change,
    ),
  )

export const notesFirst: BreakCommit = (commit) => async (changes) => {
  await commit(changes.filter(({ kind }) => kind === 'mark-processed'))
  await commit(changes.filter(({ kind }) => kind !== 'mark-processed'))
}

export const notesLast: BreakCommit = (commit) => async (changes) => {
  await commit(changes.filter(({ kind }) => kind !== 'mark-processed'))
  await commit(changes.filter(({ kind }) => kind === 'mark-processed'))
}

export const notesNothing: BreakCommit = (commit) => (changes) =>
  commit(changes.filter(({ kind }) => kind !== 'mark-processed'))
