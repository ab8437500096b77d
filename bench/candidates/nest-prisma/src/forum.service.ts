import { Injectable } from '@nestjs/common'
import type { Caller } from '../../kit/caller.ts'
import { newId } from '../../kit/ids.ts'
import type { Position } from '../../kit/page.ts'
import { assertMatch } from '../../kit/preconditions.ts'
import { Refused } from '../../kit/refused.ts'
import type { Comment, Post } from '../../kit/resources.ts'
import type { Prisma } from '../generated/client.ts'
import { PrismaService } from './prisma.service.js'

@Injectable()
export class ForumService {
  constructor(private readonly prisma: PrismaService) {}

  async read(caller: Caller, id: string): Promise<Post> {
    await assertActive(this.prisma, caller)
    return found(await this.prisma.post.findUnique({ where: { id } }))
  }

  async list(caller: Caller, after: Position | null, limit: number): Promise<Post[]> {
    await assertActive(this.prisma, caller)
    const where = after === null ? {} : beyond(after)
    return this.prisma.post.findMany({ where, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], take: limit })
  }

  write(caller: Caller, text: string): Promise<Post> {
    return this.prisma.$transaction(async (tx) => {
      await assertActive(tx, caller)
      const at = new Date()
      const post = { id: newId(), ownerId: caller.id, text, version: 1, createdAt: at, updatedAt: at }
      await tx.post.create({ data: post })
      await tx.event.create({ data: eventOf('post.written', post) })
      return post
    })
  }

  /** Prisma has no row locks: its page on concurrency advises to change only the version that was read. */
  rewrite(caller: Caller, id: string, text: string, ifMatch: string | undefined): Promise<Post> {
    return this.prisma.$transaction(async (tx) => {
      const post = await changeable(tx, caller, id, ifMatch)
      const rewritten = { ...post, text, version: post.version + 1, updatedAt: new Date() }
      const { version, updatedAt } = rewritten
      const data = { text, version, updatedAt }
      const { count } = await tx.post.updateMany({ where: { id, version: post.version }, data })
      if (count === 0) throw new Refused(409)
      await tx.event.create({ data: eventOf('post.rewritten', rewritten) })
      return rewritten
    })
  }

  async remove(caller: Caller, id: string, ifMatch: string | undefined): Promise<void> {
    await this.prisma.$transaction(async (tx) => {
      const post = await changeable(tx, caller, id, ifMatch)
      const comments = await tx.comment.findMany({ where: { postId: id } })
      await tx.comment.deleteMany({ where: { postId: id } })
      const { count } = await tx.post.deleteMany({ where: { id, version: post.version } })
      if (count === 0) throw new Refused(409)
      const events = comments.map((comment) => eventOf('comment.removed', gone(comment)))
      await tx.event.createMany({ data: [eventOf('post.removed', gone(post)), ...events] })
    })
  }

  comment(caller: Caller, postId: string, text: string): Promise<Comment> {
    return this.prisma.$transaction(async (tx) => {
      await assertActive(tx, caller)
      const at = new Date()
      const comment = { id: newId(), postId, ownerId: caller.id, text, version: 1, createdAt: at, updatedAt: at }
      await tx.comment.create({ data: comment }).catch(translated)
      await tx.event.create({ data: eventOf('comment.written', comment) })
      return comment
    })
  }
}

/** So that the index is entered at the position: a plain OR would read all rows before it. */
const beyond = ({ at, id }: Position): Prisma.PostWhereInput => ({
  createdAt: { lte: at },
  OR: [{ createdAt: { lt: at } }, { id: { lt: id } }],
})

async function assertActive(tx: Prisma.TransactionClient, { id }: Caller): Promise<void> {
  const user = await tx.user.findUnique({ where: { id }, select: { isActive: true } })
  if (user?.isActive !== true) throw new Refused(403)
}

async function changeable(
  tx: Prisma.TransactionClient,
  caller: Caller,
  id: string,
  ifMatch: string | undefined,
): Promise<Post> {
  await assertActive(tx, caller)
  const post = found(await tx.post.findUnique({ where: { id } }))
  if (post.ownerId !== caller.id && !caller.isSuperAdmin) throw new Refused(403)
  assertMatch(ifMatch, post.version)
  return post
}

function found(post: Post | null): Post {
  if (post === null) throw new Refused(404)
  return post
}

function translated(error: unknown): never {
  throw (error as { code?: string }).code === 'P2003' ? new Refused(404) : error
}

const eventOf = (type: string, data: Post) => ({
  type,
  subject: data.id,
  version: data.version,
  time: data.updatedAt,
  data: { ...data, createdAt: data.createdAt.toISOString(), updatedAt: data.updatedAt.toISOString() },
})

const gone = <State extends Post>(state: State): State => ({
  ...state,
  version: state.version + 1,
  updatedAt: new Date(),
})
