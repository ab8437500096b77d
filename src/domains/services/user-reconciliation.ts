import type { PersonNews } from '../entities/person-news.ts'
import type { User, UserId } from '../entities/user.ts'
import { Mirror } from '../entities/user-mirror.ts'
import type { PersonDirectory } from '../ports/person-directory.ts'
import type { Store } from '../ports/store.ts'
import { type Followed, followPerson } from '../usecases/users/follow-person.ts'
import { pagesOf } from './pages-of.ts'

/** What was changed in one user, or would be: the names of the fields that differed. */
export type Repair = Readonly<{ id: UserId; outcome: Exclude<Followed, 'unchanged'>; fields: readonly string[] }>

export type ReconciliationSummary = Readonly<Record<Followed | 'read', number> & { isComplete: boolean }>

type Run = Readonly<{
  /** Whether to change nothing. */
  isDryRun: boolean
  onRepair: (repair: Repair) => void
  /** Called after each page with the number of people read. */
  onProgress?: (read: number) => void
  /** Checked between two people. */
  isStopping?: () => boolean
}>

/** Compares the mirror with the identity provider, and repairs it as the provider's events would. Safe beside a running service. */
export interface UserReconciliation {
  /** @throws {DependencyUnavailable} */
  run(run: Run): Promise<ReconciliationSummary>
}

type Needs = Readonly<{
  store: Pick<Store, 'users' | 'transact'>
  directory: PersonDirectory
  now: () => Date
  idOf: (subject: string) => UserId
}>

const PAGE = 500
const FIELDS = ['username', 'fullName', 'email', 'isActive'] as const

export const createUserReconciliation = ({ store, directory, now, idOf }: Needs): UserReconciliation => ({
  async run({ isDryRun, onRepair, onProgress = () => {}, isStopping = () => false }) {
    const counts = { read: 0, registered: 0, changed: 0, removed: 0, unchanged: 0 }
    const present = new Set<UserId>()

    async function repair(id: UserId, known: User | null, news: PersonNews): Promise<void> {
      const { outcome, fields } = differenceOf(known, news)
      const done = isDryRun || outcome === 'unchanged' ? outcome : await apply(id, news)
      counts[done]++
      if (done !== 'unchanged') onRepair({ id, outcome: done, fields })
    }
    const apply = (id: UserId, news: PersonNews) => store.transact((uow) => followPerson(uow, { id, news, at: now() }))

    for await (const page of directory.pages()) {
      const found = await Promise.all(page.map(({ subject }) => store.users.find(idOf(subject))))
      for (const [index, news] of page.entries()) {
        if (isStopping()) return { ...counts, isComplete: false }
        const id = idOf(news.subject)
        if (present.has(id)) continue
        present.add(id)
        counts.read++
        await repair(id, found[index] ?? null, news)
      }
      onProgress(counts.read)
    }
    for await (const user of mirrored(store.users)) {
      if (isStopping()) return { ...counts, isComplete: false }
      if (present.has(user.id)) continue
      const subject = user.subject ?? user.id
      await repair(user.id, user, (await directory.find(subject)) ?? { subject, kind: 'removed', at: now(), facts: {} })
    }
    return { ...counts, isComplete: true }
  },
})

function differenceOf(
  known: User | null,
  news: PersonNews,
): Readonly<{ outcome: Followed; fields: readonly string[] }> {
  if (news.kind === 'removed') return { outcome: 'removed', fields: [] }
  if (known === null) return { outcome: 'registered', fields: [] }
  const after = known.removedAt === null ? Mirror.applyNews(known, news, known.updatedAt) : null
  const fields = after === null ? [] : FIELDS.filter((field) => after[field] !== known[field])
  return { outcome: fields.length > 0 ? 'changed' : 'unchanged', fields }
}

/** All users who are not removed. */
async function* mirrored(users: Store['users']): AsyncIterable<User> {
  for await (const page of pagesOf(users, PAGE)) yield* page.filter(({ removedAt }) => removedAt === null)
}
