/** `node:http` without a framework: routing, reading and answering for the candidates that are written by hand. */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { commentBody, jsonOf, postBody } from './body.ts'
import { type Caller, callerOf } from './caller.ts'
import { HOST, HTTP_PORT } from './environment.ts'
import { parseId } from './ids.ts'
import { linkTo, type Position, pageOf, positionOf } from './page.ts'
import { etagOf, isKnown } from './preconditions.ts'
import { Refused } from './refused.ts'
import type { Comment, Post } from './resources.ts'

/** What a candidate does for active users; everything here may throw {@link Refused}. */
export type Forum = Readonly<{
  read(caller: Caller, id: string): Promise<Post>
  list(caller: Caller, after: Position | null, limit: number): Promise<readonly Post[]>
  write(caller: Caller, text: string): Promise<Post>
  rewrite(caller: Caller, id: string, text: string, ifMatch: string | undefined): Promise<Post>
  remove(caller: Caller, id: string, ifMatch: string | undefined): Promise<void>
  comment(caller: Caller, postId: string, text: string): Promise<Comment>
}>

type Exchange = Readonly<{ request: IncomingMessage; response: ServerResponse; caller: Caller; forum: Forum }>

const POSTS = '/v1/posts'
const JSON_TYPE = 'application/json; charset=utf-8'

/** This service sends these headers with every answer, too. */
const ALWAYS = [
  ...['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
  ...['cross-origin-resource-policy', 'same-origin', 'referrer-policy', 'no-referrer'],
  ...['x-content-type-options', 'nosniff', 'x-frame-options', 'DENY', 'cache-control', 'private, no-cache'],
]

export function serve(forum: Forum): void {
  createServer(async (request, response) => {
    try {
      const caller = await callerOf(request.headers.authorization)
      await answer({ request, response, caller, forum })
    } catch (error) {
      const status = error instanceof Refused ? error.status : 500
      if (status === 500) console.error(error)
      response.writeHead(status, ALWAYS).end()
    }
  }).listen(HTTP_PORT, HOST)
}

function answer(exchange: Exchange): Promise<void> {
  const { method, url = '' } = exchange.request
  if (url.startsWith(`${POSTS}/`)) return answerOne(exchange, parseId(url.slice(POSTS.length + 1)))
  if (method === 'POST') return url === POSTS ? writePost(exchange) : writeComment(exchange)
  return listPosts(exchange, new URLSearchParams(url.slice(POSTS.length)))
}

async function answerOne({ request, response, caller, forum }: Exchange, id: string): Promise<void> {
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = request.headers
  if (request.method === 'GET') {
    const post = await forum.read(caller, id)
    if (!isKnown(ifNoneMatch, post.version)) return send(response, 200, post, ['etag', etagOf(post.version)])
    response.writeHead(304, [...ALWAYS, 'x-request-id', randomUUID(), 'etag', etagOf(post.version)]).end()
  } else if (request.method === 'PUT') {
    const post = await forum.rewrite(caller, id, postBody(await jsonOf(request)).text, ifMatch)
    send(response, 200, post, ['etag', etagOf(post.version)])
  } else {
    await forum.remove(caller, id, ifMatch)
    response.writeHead(204, [...ALWAYS, 'x-request-id', randomUUID()]).end()
  }
}

async function listPosts({ response, caller, forum }: Exchange, query: URLSearchParams): Promise<void> {
  const limit = Number(query.get('limit') ?? 20)
  if (!(limit >= 1 && limit <= 100)) throw new Refused(422)
  const page = pageOf(await forum.list(caller, positionOf(query.get('cursor') ?? undefined), limit + 1), limit)
  send(response, 200, page, page.nextCursor === null ? [] : ['link', linkTo(limit, page.nextCursor)])
}

async function writePost({ request, response, caller, forum }: Exchange): Promise<void> {
  const post = await forum.write(caller, postBody(await jsonOf(request)).text)
  send(response, 201, post, ['etag', '"1"', 'location', `/v1/posts/${post.id}`])
}

async function writeComment({ request, response, caller, forum }: Exchange): Promise<void> {
  const { postId, text } = commentBody(await jsonOf(request))
  const comment = await forum.comment(caller, postId, text)
  send(response, 201, comment, ['etag', '"1"', 'location', `/v1/comments/${comment.id}`])
}

function send(response: ServerResponse, status: number, resource: unknown, headers: readonly string[]): void {
  const body = JSON.stringify(resource)
  const own = ['x-request-id', randomUUID(), 'content-type', JSON_TYPE, 'content-length', Buffer.byteLength(body)]
  response.writeHead(status, [...ALWAYS, ...own, ...headers] as string[]).end(body)
}
