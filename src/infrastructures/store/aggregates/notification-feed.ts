import type { Notification, NotificationId } from '../../../domains/entities/notification.ts'
import type { UserId } from '../../../domains/entities/user.ts'
import type { NotificationFeedReader } from '../../../domains/ports/notification-feed-reader.ts'
import { uuid } from '../aggregate.ts'
import type { Documents } from '../documents.ts'
import type { Queries } from '../sql/database.ts'
import type { Dialect, DialectName } from '../sql/dialect.ts'
import { prepare, rowReader, selection } from '../sql/statement.ts'
import type { View } from '../view.ts'
import { notifications } from './notification.ts'
import { users } from './user.ts'

type After = Readonly<{ owner: UserId; id: NotificationId | null; limit: number }>

/** Reads notifications in the order of their commits. Each engine finds the last one of an owner in its own way. */
export const notificationFeed: View<NotificationFeedReader> = {
  table: notifications.table,
  sql: sqlFeed,
  mongodb: mongodbFeed,

  memory(tables) {
    const table = tables.get('notification') as ReadonlyMap<string, Notification>
    const of = (owner: UserId) => [...table.values()].filter(({ ownerId }) => ownerId === owner)

    return {
      latestIds: async (owners) =>
        new Map(
          owners.flatMap((owner) => {
            const last = of(owner).at(-1)
            return last === undefined ? [] : [[owner, last.id] as const]
          }),
        ),

      async listAfter(owner, id, limit) {
        const start = of(owner).findIndex((notification) => notification.id === id) + 1
        return of(owner).slice(start, start + limit)
      },
    }
  },
}

function sqlFeed(dialect: Dialect, { query }: Queries): NotificationFeedReader {
  const notificationOf = rowReader<Notification>(notifications.columns, dialect)
  const lastOf = rowReader<{ ownerId: UserId; id: NotificationId }>({ ownerId: uuid, id: uuid }, dialect)
  const latest = prepare<{ owners: readonly UserId[] }>(dialect, (bind) => LATEST[dialect.name](bind('owners', 'list')))
  const after = prepare<After>(dialect, (bind) => {
    const owner = bind('owner', 'uuid')
    return `select ${selection(notifications)} from notifications where owner_id = ${owner} and number >
      coalesce((select number from notifications where id = ${bind('id', 'uuid')} and owner_id = ${owner}), 0)
      order by number limit ${bind('limit', 'integer')}`
  })

  return {
    async latestIds(owners) {
      const rows = (await query(...latest.with({ owners }))).map(lastOf)
      return new Map(rows.map(({ ownerId, id }) => [ownerId, id]))
    },

    listAfter: async (owner, id, limit) => (await query(...after.with({ owner, id, limit }))).map(notificationOf),
  }
}

/** Finds the last one of each owner by the index of owner and number, without reading all of the owner's notifications. */
function mongodbFeed({ idOf, textOf, find, aggregate }: Documents): NotificationFeedReader {
  const last = {
    from: notifications.table,
    localField: '_id',
    foreignField: 'ownerId',
    pipeline: [{ $sort: { number: -1 } }, { $limit: 1 }, { $project: { _id: 1 } }],
    as: 'last',
  }
  const numberOf = async (owner: UserId, id: NotificationId): Promise<number> => {
    const found = await aggregate(notifications, [
      { $match: { _id: idOf(id), ownerId: idOf(owner) } },
      { $project: { number: 1 } },
    ])
    return Number(found[0]?.['number'] ?? 0)
  }

  return {
    async latestIds(owners) {
      const found = await aggregate(users, [
        { $match: { _id: { $in: owners.map(idOf) } } },
        { $lookup: last },
        { $unwind: '$last' },
        { $project: { last: 1 } },
      ])
      return new Map(
        (found as unknown as { _id: unknown; last: { _id: unknown } }[]).map(({ _id, last: { _id: id } }) => [
          textOf(_id) as UserId,
          textOf(id) as NotificationId,
        ]),
      )
    },

    async listAfter(owner, id, limit) {
      const number = id === null ? 0 : await numberOf(owner, id)
      const filter = { ownerId: idOf(owner), number: { $gt: number } }
      return find<Notification>(notifications, { filter, sort: { number: 1 }, limit })
    },
  }
}

const LATEST: Readonly<Record<DialectName, (owners: string) => string>> = {
  mariadb: (owners) => `select owner_id as "ownerId", id from (select owner_id, max(number) as number from notifications
    where owner_id in (${owners}) group by owner_id) as latest join notifications using (owner_id, number)`,
  postgres: (owners) => `select owner_id as "ownerId", id from unnest(${owners}) as owner cross join lateral
    (select owner_id, id from notifications where owner_id = owner order by number desc limit 1) as latest`,
  sqlite: (owners) => `select owner_id as "ownerId", id from notifications as one where owner_id in
    (select value from json_each(${owners})) and number = (select max(number) from notifications where owner_id = one.owner_id)`,
}
