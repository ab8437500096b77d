import {
  DISABLED_USER,
  DOOMED,
  FIRST_POST_AT,
  LOADED_UNTIL,
  PREFIX,
  SUPER_ADMIN,
  TEXT,
  USERS,
  WRITTEN_BEFORE,
} from './data.ts'

/** How an engine writes what the statements below need. `n` is an expression for a number. */
export type Dialect = Readonly<{
  /** A table `s` with the numbers `n` from `first` on. */
  series: (first: number, count: number) => string
  id: (prefix: string, n: string) => string
  /** So many seconds after a time. */
  time: (from: Date, seconds: string) => string
  truth: (condition: string) => string
  /** Ends an insert of a selection, so that rows that exist stay as they are. */
  keepingExisting: string
}>

/** The numbers for engines without a function that makes a series. */
export const recursiveSeries: Dialect['series'] = (first, count) => `(with recursive numbers(n) as
    (select ${first} union all select n + 1 from numbers where n < ${first + count - 1}) select n from numbers) as s`

const STATE = 'text, version, created_at, updated_at'

/** Statements that fill empty tables: sets, not rows. */
export function loading(dialect: Dialect, posts: number): readonly string[] {
  const { series, id, time, truth } = dialect
  const at = (seconds: string) => time(FIRST_POST_AT, seconds)
  const [user, owner] = [id(PREFIX.user, 'n'), id(PREFIX.user, `n % ${USERS}`)]
  return [
    `insert into users (id, username, is_active, version, created_at, updated_at)
     select ${user}, 'user' || n, ${truth(`n <> ${DISABLED_USER}`)}, 1, ${at('0')}, ${at('0')}
     from ${series(0, SUPER_ADMIN + 1)}`,
    `insert into posts (id, owner_id, ${STATE})
     select ${id(PREFIX.post, 'n')}, ${owner}, '${TEXT}', 1, ${at('n')}, ${at('n')} from ${series(0, posts)}`,
    `insert into comments (id, post_id, owner_id, ${STATE})
     select ${id(PREFIX.comment, 'n')}, ${id(PREFIX.post, 'n')}, ${owner}, '${TEXT}', 1, ${at('n')}, ${at('n')}
     from ${series(0, Math.ceil(posts / 5))}`,
    ...replacing(dialect),
  ]
}

/** Statements that undo the changes of candidates. */
export function restoring(dialect: Dialect): readonly string[] {
  const loadedUntil = dialect.time(LOADED_UNTIL, '0')
  return [
    `delete from comments where created_at >= ${loadedUntil}`,
    `delete from posts where created_at >= ${loadedUntil}`,
    `update posts set text = '${TEXT}', version = 1, updated_at = created_at where updated_at >= ${loadedUntil}`,
    ...['outbox', 'inbox', 'notifications', 'idempotency_keys'].map((table) => `delete from ${table}`),
    ...replacing(dialect),
  ]
}

/** Inserts deleted posts again, with their comments. They are older than all others, so no page shows them. */
function replacing({ series, id, time, keepingExisting }: Dialect): readonly string[] {
  const { first, count, comments } = DOOMED
  const at = time(WRITTEN_BEFORE, '0')
  const owner = id(PREFIX.user, `n % ${USERS}`)
  const post = id(PREFIX.post, `n / ${comments}`)
  return [
    `insert into posts (id, owner_id, ${STATE})
     select ${id(PREFIX.post, 'n')}, ${owner}, '${TEXT}', 1, ${at}, ${at} from ${series(first, count)}
     ${keepingExisting}`,
    `insert into comments (id, post_id, owner_id, ${STATE})
     select ${id(PREFIX.comment, 'n')}, ${post}, ${owner}, '${TEXT}', 1, ${at}, ${at}
     from ${series(first * comments, count * comments)} ${keepingExisting}`,
  ]
}
