import { AccountDisabled } from '../../../domains/errors/access-errors.ts'
import { Conflict } from '../../../domains/errors/change-errors.ts'
import { PostNotFound } from '../../../domains/errors/post-errors.ts'
import { type AnnouncedChange, type Change, isSetRemoval, type SetRemoval } from '../change.ts'
import { applySilentChange } from './apply-silent-change.ts'
import type { SqliteConnection } from './connection.ts'
import { SET_REMOVALS } from './set-removals.ts'
import { statementOf } from './statements.ts'

const ANNOUNCE = `insert into outbox (id, type, subject, version, time, data)
  values (new_uuid(), ?1, ?2, ?3, ?4, ?5)`

/** Applies one change within a transaction, or throws. */
export function applyChange(connection: SqliteConnection, change: Change): void {
  if ('state' in change) applyToAggregate(connection, change)
  else if (isSetRemoval(change)) removeSet(connection, change)
  else applySilentChange(connection, change)
}

function applyToAggregate(connection: SqliteConnection, change: AnnouncedChange): void {
  if (change.verb === 'add') mustHaveParents(connection, change)
  if (connection.run(...statementOf(change)) !== 1) throw new Conflict()

  const { type, subject, version, time, data } = change.event
  connection.run(ANNOUNCE, [type, subject, version, time, JSON.stringify(data)])
}

function mustHaveParents(connection: SqliteConnection, { noun, state }: AnnouncedChange): void {
  if (noun === 'user') return
  const owner = connection.get('select 1 from users where id = ?1 and is_active = 1', [state.ownerId])
  if (owner === undefined) throw new AccountDisabled()
  if (noun === 'post') return
  if (connection.get('select 1 from posts where id = ?1', [state.postId]) === undefined) throw new PostNotFound()
}

function removeSet(connection: SqliteConnection, { verb, of, at }: SetRemoval): void {
  const { announce, remove } = SET_REMOVALS[verb]
  connection.run(announce, [of, at])
  connection.run(remove, [of])
}
