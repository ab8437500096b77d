import type { ClientBase, QueryResult } from 'pg'
import { OutcomeUnknown } from '../../../domains/errors/dependency-errors.ts'
import type { Command, Value } from './database.ts'
import { translateCommitError } from './errors.ts'

/** Executes the commands as one transaction, in one round trip, on a connection that is used for nothing else. */
export function commit(client: ClientBase, commands: readonly Command[]): Promise<void> {
  const [only, ...others] = commands
  return only !== undefined && others.length === 0 ? commitOne(client, only) : commitAll(client, commands)
}

/** A single statement is a transaction by itself. */
async function commitOne(client: ClientBase, command: Command): Promise<void> {
  try {
    await send(client, command)
  } catch (error) {
    throw translateCommitError(error, command)
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

const send = (client: ClientBase, { statement, values }: Command): Promise<QueryResult> =>
  client.query({ ...statement, values: values as Value[] })
