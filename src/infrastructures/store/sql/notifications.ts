import type { NotificationListing } from '../../../domains/ports/notification-repository.ts'
import { COLUMNS } from './columns.ts'
import type { Marker, Query } from './listing.ts'

/** A page of what a user was told, newest first, by keyset; see {@link listQuery}. */
export function notificationsQuery(marker: Marker, { ownerId, isUnread, after, limit }: NotificationListing): Query {
  const unread = isUnread ? 'and read_at is null' : ''
  const beyond = after === null ? '' : `and (created_at, id) < (${marker}2, ${marker}3)`

  return {
    text: `select ${COLUMNS.notifications} from notifications where owner_id = ${marker}1 ${unread} ${beyond}
      order by created_at desc, id desc limit ${Math.trunc(limit)}`,
    values: after === null ? [ownerId] : [ownerId, after.at, after.id],
  }
}
