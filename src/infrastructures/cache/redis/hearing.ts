import { ErrorReply } from 'redis'
import { PATIENCE_MS } from './circuit.ts'
import { refusedBy } from './why-not-connected.ts'
import { Late, within } from './within.ts'

/** A server that says nothing for so long is taken for lost; one that speaks earlier only paused. */
const LONGEST_SILENCE_MS = 500

/** Hears answers, and outwaits those that are late: for as long as one of them is due, there is silence. */
export function openHearing<Connection>(lose: (connection: Connection, error: Error) => void) {
  let due = 0

  async function outwait(connection: Connection, answer: Promise<unknown>): Promise<void> {
    due++
    try {
      await within(LONGEST_SILENCE_MS, answer)
    } catch (error) {
      if (error instanceof Late) lose(connection, error)
    } finally {
      due--
    }
  }

  return {
    isSilent: (): boolean => due > 0,

    outwait: (connection: Connection, answer: Promise<unknown>): void => void outwait(connection, answer),

    /** @throws when the answer is an error, comes late, or not at all */
    async heard<Result>(connection: Connection, answer: Promise<Result>): Promise<Result> {
      try {
        return await within(PATIENCE_MS, answer)
      } catch (error) {
        if (error instanceof Late) void outwait(connection, answer)
        else if (!(error instanceof ErrorReply)) lose(connection, error as Error)
        else if (refusedBy(error) !== null) lose(connection, error)
        throw error
      }
    },
  }
}
