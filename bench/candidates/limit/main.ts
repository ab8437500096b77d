/**
 * The fastest that Node.js allows with the packages that this service uses: written by hand, one statement per request, which
 * checks the account itself, named and pipelined on shared connections.
 */
import type { Caller } from '../kit/caller.ts'
import { CONNECTIONS } from '../kit/environment.ts'
import { type Forum, serve } from '../kit/hand-written.ts'
import { newId } from '../kit/ids.ts'
import { assertMatch } from '../kit/preconditions.ts'
import { Refused } from '../kit/refused.ts'
import type { Post } from '../kit/resources.ts'
import { openConnections } from './connections.ts'
import { COMMENT, pageOf, READ, REMOVE, REWRITE, WRITE } from './statements.ts'

type Before = Readonly<{ isActive: boolean; ownerBefore: string | null; versionBefore: number | null }>

const READ_CONNECTIONS = 2
const [reading, writing] = await Promise.all([
  openConnections(READ_CONNECTIONS),
  openConnections(CONNECTIONS - READ_CONNECTIONS),
])

const forum: Forum = {
  async read(caller, id) {
    const [row] = await reading<Post & { isActive: boolean }>(READ, [caller.id, id])
    if (row?.isActive !== true) throw new Refused(403)
    if (row.id === null) throw new Refused(404)
    return postOf(row)
  },

  async list(caller, after, limit) {
    const position = after === null ? [] : [after.at.toISOString(), after.id]
    const rows = await reading<Post>(pageOf(limit, after === null), [caller.id, ...position])
    if (rows.length === 0) await forum.read(caller, caller.id).catch(unlessMissing)
    return rows
  },

  async write(caller, text) {
    const at = new Date()
    const post = { id: newId(), ownerId: caller.id, text, version: 1, createdAt: at, updatedAt: at }
    const kept = await writing(WRITE, [caller.id, post.id, text, at.toISOString(), newId(), JSON.stringify(post)])
    if (kept.length === 0) throw new Refused(403)
    return post
  },

  async rewrite(caller, id, text, ifMatch) {
    const values = [text, new Date().toISOString(), newId()]
    const [row] = await writing<Before & Post>(REWRITE, [...allowed(caller, id, ifMatch), ...values])
    return postOf(assertChanged(row, caller, ifMatch))
  },

  async remove(caller, id, ifMatch) {
    const at = new Date().toISOString()
    const [row] = await writing<Before & Post>(REMOVE, [...allowed(caller, id, ifMatch), at])
    assertChanged(row, caller, ifMatch)
  },

  async comment(caller, postId, text) {
    const at = new Date()
    const comment = { id: newId(), postId, ownerId: caller.id, text, version: 1, createdAt: at, updatedAt: at }
    const values = [caller.id, comment.id, text, at.toISOString(), newId(), JSON.stringify(comment), postId]
    const kept = await writing(COMMENT, values).catch(translated)
    if (kept.length === 0) throw new Refused(403)
    return comment
  },
}
serve(forum)

const postOf = ({ id, ownerId, text, version, createdAt, updatedAt }: Post): Post => ({
  id,
  ownerId,
  text,
  version,
  createdAt,
  updatedAt,
})

/** The first four parameters of a change. */
function allowed({ id: callerId, isSuperAdmin }: Caller, id: string, ifMatch: string | undefined): unknown[] {
  const versions = ifMatch === undefined || ifMatch === '*' ? null : (ifMatch.match(/(?<=")\d{1,9}(?=")/g) ?? [])
  return [callerId, id, isSuperAdmin, versions]
}

function assertChanged(row: (Before & Post) | undefined, caller: Caller, ifMatch: string | undefined): Post {
  if (row?.isActive !== true) throw new Refused(403)
  if (row.versionBefore === null) throw new Refused(404)
  if (row.id !== null) return row
  if (row.ownerBefore !== caller.id && !caller.isSuperAdmin) throw new Refused(403)
  assertMatch(ifMatch, row.versionBefore)
  throw new Refused(409)
}

function translated(error: { code?: string }): never {
  throw error.code === '23503' ? new Refused(404) : error
}

function unlessMissing(error: unknown): void {
  if (!(error instanceof Refused && error.status === 404)) throw error
}
