import assert from 'node:assert/strict'
import { clientOf } from '../kit/client.ts'
import { type CollectedSpan, newTrace, spansOf } from '../kit/collector.ts'
import { grpcClientOf } from '../kit/grpc-client.ts'
import type { Person } from '../kit/people.ts'
import type { Service } from '../kit/service.ts'

type People = Readonly<{ alice: Person; bob: Person }>

/** The kinds of spans, as OTLP numbers them. */
const KIND = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 } as const

/** The last that happens to a comment. */
const NOTIFIED = 'notifications comment.written'
const AROUND = ['insert comments', 'publish comment.written', 'process comment.written', 'insert notifications']

/** Bob comments on Alice's post over REST and over gRPC: each time one trace has all that follows, from the caller on. */
export async function assertCommentTraces(service: Service, people: People, system: string): Promise<void> {
  const { body: post } = await clientOf(service)(people.alice, 'POST', '/v1/posts', {
    body: { text: 'What do you think?' },
  })
  for (const [name, comment] of [
    ['POST /v1/comments', commentOverRest],
    ['forum.v1.CommentService/CreateComment', commentOverGrpc],
  ] as const) {
    const { traceId, parentSpanId, traceparent } = newTrace()
    await comment(service, people.bob, post.id, traceparent)
    const spans = await spansOf(traceId, name, ...AROUND, NOTIFIED)

    assert.deepEqual(chainOf(spans, NOTIFIED), [
      [name, KIND.server],
      ['process comment.written', KIND.consumer],
      [NOTIFIED, KIND.internal],
    ])
    const found = (wanted: string) => spans.find((span) => span.name === wanted)
    const [server, published, kept] = [found(name), found('publish comment.written'), found('insert comments')]
    assert.equal(server?.parentSpanId, parentSpanId)
    assert.deepEqual([published?.parentSpanId, published?.kind], [server?.spanId, KIND.producer])
    assert.equal(published?.attributes['messaging.system'], system)
    assert.deepEqual([kept?.parentSpanId, kept?.kind], [server?.spanId, KIND.client])
    assert.equal(found('insert notifications')?.parentSpanId, found(NOTIFIED)?.spanId)
  }
}

/** A span and those around it, outermost first. */
function chainOf(spans: readonly CollectedSpan[], name: string): readonly (readonly [string, number])[] {
  const span = spans.find((one) => one.name === name)
  if (span === undefined) return []
  const parent = spans.find(({ spanId }) => spanId === span.parentSpanId)
  return [...(parent === undefined ? [] : chainOf(spans, parent.name)), [span.name, span.kind]]
}

async function commentOverRest(service: Service, bob: Person, postId: string, traceparent: string): Promise<void> {
  const body = { postId, text: 'A lot.' }
  const { status } = await clientOf(service)(bob, 'POST', '/v1/comments', { body, headers: { traceparent } })
  assert.equal(status, 201)
}

async function commentOverGrpc(service: Service, bob: Person, postId: string, traceparent: string): Promise<void> {
  const client = grpcClientOf(service.grpcAddress)
  const request = { postId, text: 'A lot.' }
  const { status } = await client.call(bob, 'forum.v1.CommentService/CreateComment', request, {
    metadata: { traceparent },
  })
  client.close()
  assert.equal(status, 'OK')
}
