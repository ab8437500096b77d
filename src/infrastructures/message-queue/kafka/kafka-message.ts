import type { Received } from '../received.ts'
import type { KafkaLink } from './connect.ts'
import type { Fetched } from './fetch.ts'
import { HEADERS } from './names.ts'
import { headersOf, send } from './publish.ts'

/** From which partition a message is, of which consumer, whether it may have been started before, and who settles it. */
type Origin = Readonly<{
  link: KafkaLink
  name: string
  partition: number
  isRepeated: boolean
  done: () => Promise<void>
}>

export const idOf = (partition: number, offset: number): string => `${partition}-${offset}`

/** A message that was read from a partition. */
export function receivedFrom({ offset, key, value }: Fetched, origin: Origin): Received {
  const { link, name, partition, isRepeated, done } = origin
  const id = idOf(partition, offset)
  const body = value ?? Buffer.alloc(0)

  return {
    id,
    key: key?.toString() || id,
    body,
    isRepeated,
    done,

    async setAside(reason) {
      const described = { [HEADERS.reason]: reason, [HEADERS.position]: `${link.names.events} ${partition} ${offset}` }
      const topic = link.names.deadLettersOf(name)
      await send(link, [{ topic, key: key ?? Buffer.from(id), value: body, headers: headersOf(described) }])
      await done()
    },
  }
}
