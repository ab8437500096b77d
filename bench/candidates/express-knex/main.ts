/** Express with Zod for what comes in, and Knex on its own pool. */
import express, { type NextFunction, type Request, type Response } from 'express'
import { z } from 'zod'
import { type Caller, callerOf } from '../kit/caller.ts'
import { HOST, HTTP_PORT } from '../kit/environment.ts'
import { linkTo, pageOf, positionOf } from '../kit/page.ts'
import { etagOf, isKnown } from '../kit/preconditions.ts'
import { Refused } from '../kit/refused.ts'
import * as forum from './forum.ts'

const Id = z.uuid()
const PostBody = z.strictObject({ text: z.string().trim().min(1).max(10_000) })
const CommentBody = z.strictObject({ postId: Id, text: z.string().trim().min(1).max(2_000) })
const Query = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().optional(),
})

const app = express()
app.disable('x-powered-by')
app.set('etag', false)
app.use(express.json())
app.use(async (request, response, next) => {
  response.locals['caller'] = await callerOf(request.headers.authorization)
  next()
})

app.get('/v1/posts/:id', async (request, response) => {
  const post = await forum.read(caller(response), Id.parse(request.params.id))
  response.set('etag', etagOf(post.version))
  if (isKnown(request.headers['if-none-match'], post.version)) response.status(304).end()
  else response.json(post)
})

app.get('/v1/posts', async (request, response) => {
  const { limit, cursor } = Query.parse(request.query)
  const page = pageOf(await forum.list(caller(response), positionOf(cursor), limit + 1), limit)
  if (page.nextCursor !== null) response.set('link', linkTo(limit, page.nextCursor))
  response.json(page)
})

app.post('/v1/posts', async (request, response) => {
  const post = await forum.write(caller(response), PostBody.parse(request.body).text)
  response
    .status(201)
    .set({ etag: etagOf(post.version), location: `/v1/posts/${post.id}` })
    .json(post)
})

app.put('/v1/posts/:id', async (request, response) => {
  const [id, { text }] = [Id.parse(request.params.id), PostBody.parse(request.body)]
  const post = await forum.rewrite(caller(response), id, text, request.headers['if-match'])
  response.set('etag', etagOf(post.version)).json(post)
})

app.delete('/v1/posts/:id', async (request, response) => {
  await forum.remove(caller(response), Id.parse(request.params.id), request.headers['if-match'])
  response.status(204).end()
})

app.post('/v1/comments', async (request, response) => {
  const { postId, text } = CommentBody.parse(request.body)
  const comment = await forum.comment(caller(response), postId, text)
  response
    .status(201)
    .set({ etag: etagOf(comment.version), location: `/v1/comments/${comment.id}` })
    .json(comment)
})

app.use((error: Error, _request: Request, response: Response, _next: NextFunction) => {
  const status = error instanceof Refused ? error.status : error instanceof z.ZodError ? 422 : 500
  if (status === 500) console.error(error)
  response.status(status).json({ status, title: error.message })
})

app.listen(HTTP_PORT, HOST)

const caller = (response: Response): Caller => response.locals['caller']
