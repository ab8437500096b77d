import type { Value } from './dialect.ts'
import type { Command } from './statement.ts'

/** A session in a transaction that `commit` ends and the next statement begins anew, and what its failures mean. */
export type CountingSession = Readonly<{
  send(text: string, values?: readonly Value[]): Promise<unknown>
  changedBy(answer: unknown): number
  /** The failure of a statement; of one that may have been committed, as its commit was sent behind it. */
  meaningOf(error: unknown, command: Command, mayBeKept: boolean): unknown
  meaningOfCommit(error: unknown): unknown
}>

/**
 * Executes the commands as one transaction, for engines that continue after a failure and leave counting rows to the client: in
 * two round trips. A single command takes one, because there is nothing to roll back if it fails or affects no row. A deadlock
 * ends the transaction, and the statements behind it begin another one, which is rolled back as well.
 *
 * @returns how many rows the last one changed
 */
export async function commitCounted(session: CountingSession, commands: readonly Command[]): Promise<number> {
  const { send, changedBy, meaningOf, meaningOfCommit } = session
  const isSingle = commands.length === 1
  const sent = commands.map(({ text, values }) => send(text, values))
  const committed = isSingle ? send('commit') : null
  committed?.catch(() => {}) // the statement says why
  const answers = await Promise.allSettled(sent)

  const failures = answers.map((answer, index) => {
    const command = commands[index] as Command
    if (answer.status === 'rejected') return meaningOf(answer.reason, command, isSingle)
    return changedBy(answer.value) === 0 && command.onGuardFailed !== null ? new command.onGuardFailed() : null
  })
  const failure = failures.find((one) => one !== null)
  if (failure !== undefined) {
    if (!isSingle) send('rollback').catch(() => {}) // a broken connection has rolled back already
    throw failure
  }
  await (committed ?? send('commit')).catch((error) => {
    throw meaningOfCommit(error)
  })
  return changedBy((answers.at(-1) as PromiseFulfilledResult<unknown>).value)
}
