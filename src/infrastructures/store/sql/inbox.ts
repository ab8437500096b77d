import { DuplicateMessage } from '../../../domains/errors/idempotency-errors.ts'
import type { InboxReader, IncomingMessage } from '../../../domains/ports/inbox.ts'
import type { Queries } from './database.ts'
import type { Dialect } from './dialect.ts'
import { prepare } from './statement.ts'

/** Records the messages that each consumer has processed. */
export function sqlInbox(dialect: Dialect, { query }: Queries) {
  const mark = prepare<IncomingMessage>(
    dialect,
    (bind) => {
      const [consumer, subject] = [bind('consumer', 'text'), bind('subject', 'text')]
      const version = bind('version', 'integer')
      return dialect.guarded(`insert into inbox (consumer, id, subject, version, digest, handled_at)
        select ${consumer}, ${bind('id', 'text')}, ${subject}, ${version}, ${bind('digest', 'text')}, ${dialect.now}
        where not exists
          (select 1 from inbox where consumer = ${consumer} and subject = ${subject} and version > ${version})`)
    },
    { onGuardFailed: DuplicateMessage, onDuplicate: DuplicateMessage },
  )
  const digest = prepare<Pick<IncomingMessage, 'consumer' | 'id'>>(
    dialect,
    (bind) => `select digest from inbox where consumer = ${bind('consumer', 'text')} and id = ${bind('id', 'text')}`,
  )

  return {
    markProcessed: mark.command,

    reader: {
      async processedDigest(consumer, id) {
        const [row] = await query(...digest.with({ consumer, id }))
        return (row as { digest: string } | undefined)?.digest ?? null
      },
    } satisfies InboxReader,
  }
}
