import { hash } from 'node:crypto'
import type { QueryResult } from 'pg'
import { OutcomeUnknown } from '../../../domains/errors/dependency-errors.ts'
import type { Value } from '../sql/dialect.ts'
import type { Command } from '../sql/statement.ts'
import { translateCommitError, translateReadError } from './errors.ts'
import type { Session } from './session.ts'

type Sent = Readonly<{ text: string; values: readonly Value[] }>
type Translate = (error: unknown, sent?: Sent) => unknown

/** Executes the commands as one transaction, in one round trip, pipelined behind earlier statements. */
export async function commit(session: Session, commands: readonly Command[]): Promise<void> {
  const translate: Translate = (error, sent) => translateCommitError(error, sent as Command | undefined)
  const [only] = commands
  if (only !== undefined && commands.length === 1) await executeOne(session, only, translate)
  else if (commands.length > 1) await asTransaction(session, commands, translate)
}

/** Executes a single statement, which is a transaction by itself. */
export const execute = (session: Session, sent: Sent): Promise<QueryResult> =>
  executeOne(session, sent, (error) => translateCommitError(error))

/** The same for a statement that changes nothing, so that it may fail in every way. */
export const read = (session: Session, sent: Sent): Promise<QueryResult> =>
  executeOne(session, sent, translateReadError)

/** A single statement is a transaction by itself, unless it must set the session first (behind a pooler). */
const executeOne = (session: Session, sent: Sent, translate: Translate): Promise<QueryResult> =>
  session.isPooled ? asTransaction(session, [sent], translate) : asStatement(session, sent, translate)

async function asStatement(session: Session, sent: Sent, translate: Translate): Promise<QueryResult> {
  try {
    return await send(session, sent)
  } catch (error) {
    throw translate(error, sent)
  }
}

/**
 * Everything is sent before anything is awaited. After a failure the server skips the rest and answers COMMIT with
 * ROLLBACK; the failure itself is that of the first statement which failed for a reason of its own.
 */
async function asTransaction(session: Session, commands: readonly Sent[], translate: Translate): Promise<QueryResult> {
  const sent = [
    session.client.query(session.begin),
    ...commands.map((command) => send(session, command)),
    session.client.query('commit'),
  ]
  const answers = await Promise.allSettled(sent)

  const failed = answers.findIndex((answer) => answer.status === 'rejected')
  if (failed >= 0) {
    const { reason } = answers[failed] as PromiseRejectedResult
    throw translate(reason, commands[failed - 1])
  }
  const [last, committed] = answers.slice(-2).map((answer) => (answer as PromiseFulfilledResult<QueryResult>).value)
  if (committed?.command !== 'COMMIT') throw new OutcomeUnknown('database')
  return last as QueryResult
}

/**
 * Sends one statement now, behind earlier ones: prepared under its name, unless a pooler shares the session. It uses a callback,
 * which saves the driver a chain of promises.
 */
const send = (session: Session, { text, values }: Sent): Promise<QueryResult> =>
  new Promise((resolve, reject) => {
    const name = session.isPooled ? undefined : statementName(text)
    void session.client.query({ name, text, values: values as Value[] }, (error, result) =>
      error ? reject(error) : resolve(result),
    )
  })

/** Sessions keep a plan per name, so the number of names is bounded; later statements are planned each time. */
const MAX_NAMES = 512

const names = new Map<string, string>()

/** The name under which a session prepares a text. It follows from the text, so it can never mean another one. */
export function statementName(text: string): string | undefined {
  const known = names.get(text)
  if (known !== undefined || names.size >= MAX_NAMES) return known
  const name = hash('sha256', text, 'hex').slice(0, 32)
  names.set(text, name)
  return name
}
