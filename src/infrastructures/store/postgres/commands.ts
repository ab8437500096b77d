import { AccountDisabled } from '../../../domains/errors/access-errors.ts'
import { Conflict } from '../../../domains/errors/change-errors.ts'
import { PostNotFound } from '../../../domains/errors/post-errors.ts'
import { uuidV7 } from '../../identifiers/uuid-v7.ts'
import { type AnnouncedChange, type Change, isSetRemoval, type SetRemoval } from '../change.ts'
import type { Command } from './database.ts'
import { SET_REMOVALS } from './set-removals.ts'
import { silentCommand } from './silent-commands.ts'
import { statementOf } from './statements.ts'

/** The statements that make a change. Every value is turned into text here, before anything is sent. */
export const commandsOf = (change: Change): readonly Command[] =>
  'state' in change ? [aggregateCommand(change)] : isSetRemoval(change) ? setCommands(change) : [silentCommand(change)]

function aggregateCommand(change: AnnouncedChange): Command {
  const { type, version, time, data } = change.event
  const [statement, values] = statementOf(change)
  const isAddition = change.verb === 'add'

  return {
    statement,
    values: [uuidV7(), type, version, time.toISOString(), JSON.stringify(data), change.state.id, ...values],
    refused: () => (isAddition && change.noun !== 'user' ? new AccountDisabled() : new Conflict()),
    orphaned: () => (isAddition ? new PostNotFound() : new Conflict()),
  }
}

function setCommands({ verb, of, at }: SetRemoval): readonly Command[] {
  const { lock, remove } = SET_REMOVALS[verb]
  const removal = { statement: remove, values: [of, at.toISOString()], refused: conflict, orphaned: conflict }
  return lock === null ? [removal] : [{ ...removal, statement: lock, values: [of] }, removal]
}

const conflict = () => new Conflict()
