import type { Notification, NotificationId } from '../../../domains/entities/notification.ts'
import type { UserId } from '../../../domains/entities/user.ts'
import { NotificationNotFound } from '../../../domains/errors/notification-errors.ts'
import type { NotificationReader } from '../../../domains/ports/notification-repository.ts'
import { COLUMNS } from '../sql/columns.ts'
import { notificationsQuery } from '../sql/notifications.ts'
import type { Queries } from './database.ts'
import { named, statementNamer } from './statement-names.ts'

const BY_ID = named('notification_by_id', `select ${COLUMNS.notifications} from notifications where id = $1`)
const NEWEST = named(
  'newest_notifications',
  `select owner_id as "ownerId", id from unnest($1::uuid[]) as owner cross join lateral
    (select owner_id, id from notifications where owner_id = owner order by number desc limit 1) as newest`,
)
const AFTER = named(
  'notifications_after',
  `select ${COLUMNS.notifications} from notifications where owner_id = $1
    and number > coalesce((select number from notifications where id = $2 and owner_id = $1), 0)
    order by number limit $3::integer`,
)

/** Reads the notifications in PostgreSQL. */
export function postgresNotifications({ query }: Queries): NotificationReader {
  const statementOf = statementNamer('notifications')

  return {
    async get(id) {
      const [row] = (await query(BY_ID, [id])) as Notification[]
      if (row === undefined) throw new NotificationNotFound()
      return { ...row }
    },

    async list(listing) {
      const { text, values } = notificationsQuery('$', listing)
      const bound = values.map((value) => (typeof value === 'string' ? value : value.toISOString()))
      return rowsOf(await query(statementOf(text), bound))
    },

    async newest(owners) {
      const rows = (await query(NEWEST, [`{${owners.join()}}`])) as { ownerId: UserId; id: NotificationId }[]
      return new Map(rows.map(({ ownerId, id }) => [ownerId, id]))
    },

    after: async (owner, id, limit) => rowsOf(await query(AFTER, [owner, id, limit])),
  }
}

/** Rows come under the names of the models, so a plain copy of one is the entity. */
const rowsOf = (rows: readonly unknown[]): readonly Notification[] => rows.map((row) => ({ ...(row as Notification) }))
