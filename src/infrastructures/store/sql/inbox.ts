import { AlreadyHandled } from '../../../domains/errors/repetition-errors.ts'
import type { InboxReader, IncomingMessage } from '../../../domains/ports/inbox.ts'
import type { Queries } from './database.ts'
import type { Dialect } from './dialect.ts'
import { type Command, conflict, prepare } from './statement.ts'

/** Remembers what each consumer has processed. */
export function sqlInbox(dialect: Dialect, { query }: Queries) {
  const mark = prepare<IncomingMessage>(dialect, (bind) => {
    const consumer = bind((message) => message.consumer, 'text')
    const subject = bind((message) => message.subject, 'text')
    const version = bind((message) => message.version, 'integer')
    return dialect.guarded(`insert into inbox (consumer, id, subject, version, digest, handled_at)
      select ${consumer}, ${bind(({ id }) => id, 'text')}, ${subject}, ${version}, ${bind(({ digest }) => digest, 'text')}, ${dialect.now}
      where not exists (select 1 from inbox where consumer = ${consumer} and subject = ${subject} and version > ${version})`)
  })
  const digest = prepare<readonly [consumer: string, id: string]>(
    dialect,
    (bind) =>
      `select digest from inbox where consumer = ${bind(([of]) => of, 'text')} and id = ${bind(([, id]) => id, 'text')}`,
  )
  const alreadyHandled = (): Error => new AlreadyHandled()

  return {
    markProcessed: (message: IncomingMessage): Command => ({
      text: mark.text,
      values: mark.valuesOf(message),
      onNoRow: alreadyHandled,
      onDuplicate: alreadyHandled,
      onForeignKey: conflict,
    }),

    reader: {
      async digestOf(consumer, id) {
        const [row] = await query(...digest.with([consumer, id]))
        return (row as { digest: string } | undefined)?.digest ?? null
      },
    } satisfies InboxReader,
  }
}
