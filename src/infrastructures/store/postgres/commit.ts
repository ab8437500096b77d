import type { ClientBase, QueryResult } from 'pg'
import { OutcomeUnknown } from '../../../domains/errors/dependency-errors.ts'
import type { Command } from './database.ts'
import { NotPrepared, translateCommitError } from './errors.ts'
import { send } from './send.ts'

type Sent = Pick<Command, 'statement' | 'values'>

/** Executes the commands as one transaction, in one round trip: behind what was sent before, and before what comes. */
export async function commit(client: ClientBase, commands: readonly Command[]): Promise<void> {
  try {
    await attempt(client, commands)
  } catch (error) {
    if (!(error instanceof NotPrepared)) throw error
    await attempt(client, commands)
  }
}

async function attempt(client: ClientBase, commands: readonly Command[]): Promise<void> {
  const [only, ...others] = commands
  if (only !== undefined && others.length === 0) await execute(client, only, only)
  else await commitAll(client, commands)
}

/** Executes a single statement, which is a transaction by itself, and gives its rows. */
export async function execute(
  client: ClientBase,
  { statement, values }: Sent,
  meaning?: Command,
): Promise<readonly unknown[]> {
  try {
    return (await send(client, statement, values)).rows
  } catch (error) {
    throw translateCommitError(error, meaning)
  }
}

/**
 * Everything is sent before anything is awaited. After a failure the server skips the rest and answers COMMIT with
 * ROLLBACK; the failure itself is that of the first statement which failed for a reason of its own.
 */
async function commitAll(client: ClientBase, commands: readonly Command[]): Promise<void> {
  const sent = [
    client.query('begin'),
    ...commands.map(({ statement, values }) => send(client, statement, values)),
    client.query('commit'),
  ]
  const answers = await Promise.allSettled(sent)

  const failed = answers.findIndex((answer) => answer.status === 'rejected')
  if (failed >= 0) {
    const { reason } = answers[failed] as PromiseRejectedResult
    throw translateCommitError(reason, commands[failed - 1])
  }
  const { value } = answers.at(-1) as PromiseFulfilledResult<QueryResult>
  if (value.command !== 'COMMIT') throw new OutcomeUnknown('database')
}
