import { Injectable } from '@nestjs/common'
import { InjectRepository } from '@nestjs/typeorm'
import { DataSource, type EntityManager, Repository } from 'typeorm'
import type { Caller } from '../../kit/caller.ts'
import { newId } from '../../kit/ids.ts'
import type { Position } from '../../kit/page.ts'
import { assertMatch } from '../../kit/preconditions.ts'
import { Refused } from '../../kit/refused.ts'
import { Comment, Event, Post, User } from './entities.js'

@Injectable()
export class ForumService {
  constructor(
    @InjectRepository(User) private readonly users: Repository<User>,
    @InjectRepository(Post) private readonly posts: Repository<Post>,
    private readonly dataSource: DataSource,
  ) {}

  async read(caller: Caller, id: string): Promise<Post> {
    assertActive(await this.users.findOneBy({ id: caller.id }))
    return found(await this.posts.findOneBy({ id }))
  }

  async list(caller: Caller, after: Position | null, limit: number): Promise<Post[]> {
    assertActive(await this.users.findOneBy({ id: caller.id }))
    const query = this.posts.createQueryBuilder('post').orderBy({ 'post.createdAt': 'DESC', 'post.id': 'DESC' })
    if (after !== null) query.where('(post.createdAt, post.id) < (:at, :id)', after)
    return query.limit(limit).getMany()
  }

  write(caller: Caller, text: string): Promise<Post> {
    return this.dataSource.transaction(async (manager) => {
      await lockActive(manager, caller)
      const at = new Date()
      const post = { id: newId(), ownerId: caller.id, text, version: 1, createdAt: at, updatedAt: at }
      await manager.insert(Post, post)
      await manager.insert(Event, eventOf('post.written', post))
      return post
    })
  }

  rewrite(caller: Caller, id: string, text: string, ifMatch: string | undefined): Promise<Post> {
    return this.dataSource.transaction(async (manager) => {
      const post = await changeable(manager, caller, id, ifMatch)
      const rewritten = { ...post, text, version: post.version + 1, updatedAt: new Date() }
      const { version, updatedAt } = rewritten
      await manager.update(Post, { id }, { text, version, updatedAt })
      await manager.insert(Event, eventOf('post.rewritten', rewritten))
      return rewritten
    })
  }

  async remove(caller: Caller, id: string, ifMatch: string | undefined): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const post = await changeable(manager, caller, id, ifMatch)
      const comments = await manager.findBy(Comment, { postId: id })
      await manager.delete(Comment, { postId: id })
      await manager.delete(Post, { id })
      const events = comments.map((comment) => eventOf('comment.removed', gone(comment)))
      await manager.insert(Event, [eventOf('post.removed', gone(post)), ...events])
    })
  }

  comment(caller: Caller, postId: string, text: string): Promise<Comment> {
    return this.dataSource.transaction(async (manager) => {
      await lockActive(manager, caller)
      found(await manager.findOne(Post, { where: { id: postId }, lock: { mode: 'for_key_share' } }))
      const at = new Date()
      const comment = { id: newId(), postId, ownerId: caller.id, text, version: 1, createdAt: at, updatedAt: at }
      await manager.insert(Comment, comment)
      await manager.insert(Event, eventOf('comment.written', comment))
      return comment
    })
  }
}

async function lockActive(manager: EntityManager, { id }: Caller): Promise<void> {
  assertActive(await manager.findOne(User, { where: { id }, lock: { mode: 'pessimistic_read' } }))
}

async function changeable(
  manager: EntityManager,
  caller: Caller,
  id: string,
  ifMatch: string | undefined,
): Promise<Post> {
  assertActive(await manager.findOneBy(User, { id: caller.id }))
  const post = found(await manager.findOne(Post, { where: { id }, lock: { mode: 'pessimistic_write' } }))
  if (post.ownerId !== caller.id && !caller.isSuperAdmin) throw new Refused(403)
  assertMatch(ifMatch, post.version)
  return post
}

function assertActive(user: User | null): void {
  if (user?.isActive !== true) throw new Refused(403)
}

function found(post: Post | null): Post {
  if (post === null) throw new Refused(404)
  return post
}

const eventOf = (type: string, data: Post) => ({
  id: newId(),
  type,
  subject: data.id,
  version: data.version,
  time: data.updatedAt,
  data: data as object,
})

const gone = <State extends Post>(state: State): State => ({
  ...state,
  version: state.version + 1,
  updatedAt: new Date(),
})
