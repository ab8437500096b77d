import { Body, Controller, Delete, Get, Headers, HttpCode, Param, ParseUUIDPipe, Post, Put, Query, Res, UseGuards } from '@nestjs/common'
import type { FastifyReply } from 'fastify'
import type { Caller } from '../../kit/caller.ts'
import { linkTo, pageOf, positionOf } from '../../kit/page.ts'
import { etagOf, isKnown } from '../../kit/preconditions.ts'
import { CommentBody, PageQuery, PostBody } from './bodies.js'
import { CallerGuard, CurrentCaller } from './caller.guard.js'
import { ForumService } from './forum.service.js'

const Id = () => Param('id', new ParseUUIDPipe({ errorHttpStatusCode: 422 }))
const Reply = () => Res({ passthrough: true })

@Controller('v1')
@UseGuards(CallerGuard)
export class ForumController {
  constructor(private readonly forum: ForumService) {}

  @Get('posts/:id')
  async read(
    @CurrentCaller() caller: Caller,
    @Id() id: string,
    @Headers('if-none-match') known: string | undefined,
    @Reply() reply: FastifyReply,
  ) {
    const post = await this.forum.read(caller, id)
    reply.header('etag', etagOf(post.version))
    if (!isKnown(known, post.version)) return post
    reply.status(304)
  }

  @Get('posts')
  async list(@CurrentCaller() caller: Caller, @Query() { limit, cursor }: PageQuery, @Reply() reply: FastifyReply) {
    const page = pageOf(await this.forum.list(caller, positionOf(cursor), limit + 1), limit)
    if (page.nextCursor !== null) reply.header('link', linkTo(limit, page.nextCursor))
    return page
  }

  @Post('posts')
  async write(@CurrentCaller() caller: Caller, @Body() { text }: PostBody, @Reply() reply: FastifyReply) {
    const post = await this.forum.write(caller, text)
    reply.headers({ etag: etagOf(post.version), location: `/v1/posts/${post.id}` })
    return post
  }

  @Put('posts/:id')
  async rewrite(
    @CurrentCaller() caller: Caller,
    @Id() id: string,
    @Body() { text }: PostBody,
    @Headers('if-match') ifMatch: string | undefined,
    @Reply() reply: FastifyReply,
  ) {
    const post = await this.forum.rewrite(caller, id, text, ifMatch)
    reply.header('etag', etagOf(post.version))
    return post
  }

  @Delete('posts/:id')
  @HttpCode(204)
  async remove(
    @CurrentCaller() caller: Caller,
    @Id() id: string,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<void> {
    await this.forum.remove(caller, id, ifMatch)
  }

  @Post('comments')
  async comment(@CurrentCaller() caller: Caller, @Body() { postId, text }: CommentBody, @Reply() reply: FastifyReply) {
    const comment = await this.forum.comment(caller, postId, text)
    reply.headers({ etag: etagOf(comment.version), location: `/v1/comments/${comment.id}` })
    return comment
  }
}
