import type { Message } from '../../domains/ports/message-queue.ts'
import { PRODUCT } from '../../patterns/product.ts'

/** An event to publish: `data` is JSON already. */
export type EventEnvelope = Readonly<{
  id: string
  type: string
  subject: string
  time: Date
  schemaVersion: string
  /** The trace that the change was part of, for the extension Distributed Tracing. */
  traceparent?: string | null
  data: string
}>

type SendOptions = Readonly<{
  /** The `source` of the CloudEvent, a URI reference. */
  source?: string
  /** Another message id, for an event that is replayed: queues drop a second message with the same id for a while. */
  messageId?: string
}>

/** An event as a CloudEvent 1.0 in JSON. The same event is the same text, however often it is published. */
export function toCloudEvent(
  event: EventEnvelope,
  { source = `/${PRODUCT.service}`, messageId = event.id }: SendOptions = {},
): Message {
  const { id, type, subject, time, schemaVersion, traceparent, data } = event
  const attributes = JSON.stringify({
    specversion: '1.0',
    id,
    source,
    type,
    subject,
    time,
    datacontenttype: 'application/json',
    dataschemaversion: schemaVersion,
    ...(traceparent == null ? {} : { traceparent }),
  })
  return { id: messageId, key: subject, topic: type, body: `${attributes.slice(0, -1)},"data":${data}}` }
}
