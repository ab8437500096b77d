import type { Statement } from './connections.ts'

const POST = `id, owner_id as "ownerId", text, version, created_at as "createdAt", updated_at as "updatedAt"`
const prefixed = (alias: string): string => POST.replaceAll(/(^|, )(\w+)/g, `$1${alias}.$2`)

/** RFC 3339 in UTC with milliseconds. */
const iso = (time: string): string => `to_char(${time} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/** What an event carries: a changed row, at `version` and `time`. */
const data = (
  version: string,
  time: string,
  more = '',
): string => `json_build_object('id', id, ${more} 'ownerId', owner_id,
  'text', text, 'version', ${version}, 'createdAt', ${iso('created_at')}, 'updatedAt', ${iso(time)})`

/** Every statement checks the account itself: $1 is the caller, $2 the post. */
export const READ: Statement = {
  name: 'read',
  text: `select u.is_active as "isActive", ${prefixed('p')} from users u left join posts p on p.id = $2 where u.id = $1`,
}

export const pageOf = (rows: number, isFirst: boolean): Statement => ({
  name: `page_${rows}_${isFirst}`,
  text: `select ${POST} from posts where exists (select from users where id = $1 and is_active)
    ${isFirst ? '' : 'and (created_at, id) < ($2::timestamptz, $3::uuid)'}
    order by created_at desc, id desc limit ${rows}`,
})

const OWNER = 'owner as (select id from users where id = $1 and is_active for share)'
const INTO_OUTBOX = 'insert into outbox (id, type, subject, version, time, data)'

export const WRITE: Statement = {
  name: 'write',
  text: `with ${OWNER},
    change as (insert into posts (id, owner_id, text, version, created_at, updated_at)
      select $2::uuid, id, $3, 1, $4::timestamptz, $4::timestamptz from owner returning id),
    event as (${INTO_OUTBOX} select $5::uuid, 'post.written', id, 1, $4::timestamptz, $6::json from change)
    select id from change`,
}

export const COMMENT: Statement = {
  name: 'comment',
  text: `with ${OWNER},
    change as (insert into comments (id, post_id, owner_id, text, version, created_at, updated_at)
      select $2::uuid, $7::uuid, id, $3, 1, $4::timestamptz, $4::timestamptz from owner returning id),
    event as (${INTO_OUTBOX} select $5::uuid, 'comment.written', id, 1, $4::timestamptz, $6::json from change)
    select id from change`,
}

/** $3 is whether the caller may change everything, $4 the versions that are expected, or null. */
const ALLOWED = `id = $2 and (owner_id = $1 or $3) and ($4::integer[] is null or version = any($4))
  and exists (select from users where id = $1 and is_active)`

/** Why nothing was changed, as the statement saw it before. */
const BEFORE = `u.is_active as "isActive", p.owner_id as "ownerBefore", p.version as "versionBefore"`
const FROM_BEFORE = 'from users u left join posts p on p.id = $2'

export const REWRITE: Statement = {
  name: 'rewrite',
  text: `with
    change as (update posts set text = $5, version = version + 1, updated_at = $6::timestamptz
      where ${ALLOWED} returning *),
    event as (${INTO_OUTBOX} select $7::uuid, 'post.rewritten', id, version, updated_at,
      ${data('version', 'updated_at')} from change)
    select ${BEFORE}, ${prefixed('c')} ${FROM_BEFORE} left join change c on true where u.id = $1`,
}

export const REMOVE: Statement = {
  name: 'remove',
  text: `with
    allowed as (select * from posts where ${ALLOWED} for update),
    gone as (delete from comments where post_id in (select id from allowed) returning *),
    change as (delete from posts where id in (select id from allowed) returning *),
    events as (insert into outbox (type, subject, version, time, data)
      select 'comment.removed', id, version + 1, $5::timestamptz,
        ${data('version + 1', '$5::timestamptz', `'postId', post_id,`)} from gone
      union all
      select 'post.removed', id, version + 1, $5::timestamptz, ${data('version + 1', '$5::timestamptz')} from change)
    select ${BEFORE}, c.id ${FROM_BEFORE} left join change c on true where u.id = $1`,
}
