import type { NotificationId } from '../../../domains/entities/notification.ts'
import type { UserId } from '../../../domains/entities/user.ts'
import { NotificationNotFound } from '../../../domains/errors/notification-errors.ts'
import type { NotificationReader } from '../../../domains/ports/notification-repository.ts'
import { COLUMNS } from '../sql/columns.ts'
import { notificationsQuery } from '../sql/notifications.ts'
import type { SqliteConnection } from './connection.ts'
import { notificationOf } from './rows.ts'
import { translating } from './transaction.ts'

const BY_ID = `select ${COLUMNS.notifications} from notifications where id = ?1`
const NEWEST = `select owner_id as "ownerId", id from notifications n where owner_id in (select value from json_each(?1))
  and number = (select max(number) from notifications where owner_id = n.owner_id)`
const AFTER = `select ${COLUMNS.notifications} from notifications where owner_id = ?1
  and number > coalesce((select number from notifications where id = ?2 and owner_id = ?1), 0) order by number limit ?3`

/** Reads the notifications in a file. */
export const sqliteNotifications = (connection: SqliteConnection): NotificationReader => ({
  async get(id) {
    const row = translating(() => connection.get(BY_ID, [id]))
    if (row === undefined) throw new NotificationNotFound()
    return notificationOf(row)
  },

  async list(listing) {
    const { text, values } = notificationsQuery('?', listing)
    return translating(() => connection.all(text, values)).map(notificationOf)
  },

  async newest(owners) {
    const rows = translating(() => connection.all(NEWEST, [JSON.stringify(owners)]))
    return new Map((rows as { ownerId: UserId; id: NotificationId }[]).map(({ ownerId, id }) => [ownerId, id]))
  },

  async after(owner, id, limit) {
    return translating(() => connection.all(AFTER, [owner, id, limit])).map(notificationOf)
  },
})
