/** What REST and gRPC cost by themselves: a post from memory, by Fastify as JSON and by grpc-js as a message. */
import { Server, ServerCredentials } from '@grpc/grpc-js'
import fastify from 'fastify'
import { loadInterface, serviceOf } from '../../../src/controllers/grpc/definitions.ts'
import { postMessage } from '../../../src/controllers/grpc/v1/posts.ts'
import { PostResource } from '../../../src/controllers/http/v1/post-resource.ts'
import { Post, PostId } from '../../../src/domains/entities/post.ts'
import { PostText } from '../../../src/domains/entities/post-text.ts'
import { UserId } from '../../../src/domains/entities/user.ts'
import { FIRST_POST_AT, TEXT, userId } from '../../data.ts'

const { HTTP_PORT, GRPC_PORT } = process.env
const ADDRESS = '127.0.0.1'
const [ownerId, text, at] = [UserId.parse(userId(1)), PostText.parse(TEXT), FIRST_POST_AT]
const postOf = (id: string): Post => Post.write({ id: PostId.parse(id), ownerId, text, at })

const http = fastify()
http.get<{ Params: { id: string } }>('/v1/posts/:id', async ({ params }) => PostResource.from(postOf(params.id)))
await http.listen({ host: ADDRESS, port: Number(HTTP_PORT) })

const grpc = new Server({ 'grpc.enable_channelz': 0 })
const { GetPost } = serviceOf(loadInterface(), 'forum.v1.PostService')
grpc.addService({ GetPost } as never, {
  GetPost: ({ request }: { request: { id: string } }, respond: (error: null, message: object) => void) =>
    respond(null, postMessage(postOf(request.id))),
})
grpc.bindAsync(`${ADDRESS}:${GRPC_PORT}`, ServerCredentials.createInsecure(), (error) => {
  if (error) throw error
})
process.once('SIGTERM', () => process.exit())
