import type { ClientBase, QueryResult } from 'pg'
import { OutcomeUnknown } from '../../../domains/errors/dependency-errors.ts'
import type { Command, Value } from './database.ts'
import { translateCommitError } from './errors.ts'

type Sent = Pick<Command, 'statement' | 'values'>

/** Executes the commands as one transaction, in one round trip, on a connection that is used for nothing else. */
export async function commit(client: ClientBase, commands: readonly Command[]): Promise<void> {
  const [only, ...others] = commands
  if (only !== undefined && others.length === 0) await execute(client, only, only)
  else await commitAll(client, commands)
}

/** Executes a single statement, which is a transaction by itself, and gives its rows. */
export async function execute(client: ClientBase, statement: Sent, meaning?: Command): Promise<readonly unknown[]> {
  try {
    return (await send(client, statement)).rows
  } catch (error) {
    throw translateCommitError(error, meaning)
  }
}

/**
 * Everything is sent before anything is awaited. After a failure the server skips the rest and answers COMMIT with
 * ROLLBACK; the failure itself is that of the first statement which failed for a reason of its own.
 */
async function commitAll(client: ClientBase, commands: readonly Command[]): Promise<void> {
  const sent = [client.query('begin'), ...commands.map((command) => send(client, command)), client.query('commit')]
  const answers = await Promise.allSettled(sent)

  const failed = answers.findIndex((answer) => answer.status === 'rejected')
  if (failed >= 0) {
    const { reason } = answers[failed] as PromiseRejectedResult
    throw translateCommitError(reason, commands[failed - 1])
  }
  const { value } = answers.at(-1) as PromiseFulfilledResult<QueryResult>
  if (value.command !== 'COMMIT') throw new OutcomeUnknown('database')
}

const send = (client: ClientBase, { statement, values }: Sent): Promise<QueryResult> =>
  client.query({ ...statement, values: values as Value[] })
