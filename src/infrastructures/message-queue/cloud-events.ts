import type { Message } from '../../domains/ports/message-queue.ts'
import { PRODUCT } from '../../patterns/product.ts'

/** An announcement that is to travel: `data` is JSON already. */
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
  /** Who announces it, as a URI reference. */
  source?: string
  /** Another id for the queue, as for an event that is published again: queues keep one id only once in a while. */
  messageId?: string
}>

/** An announcement as a CloudEvent 1.0 in JSON. The same announcement is the same text, however often it is published. */
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
