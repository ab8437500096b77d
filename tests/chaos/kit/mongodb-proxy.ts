import { BSON, type Document } from 'mongodb'
import type { Relay, Trap } from './commit-proxy.ts'

/** Where a message says what it is. */
const OPCODE = 12
const OP_MSG = 2013

/** Where the body of an OP_MSG begins: after the header, the flags and the kind of its first section. */
const BODY = 21

/**
 * Commits that are repeated under the number of their transaction, on whatever connection, are cut off like the first time.
 * Those of a relay, which only confirms, are left alone.
 */
export function relayMongodb(): Relay {
  const trapped = new Map<string, Trap>()
  const confirming = new Set<string>()

  return ({ client, upstream, cut }, nextTrap) => {
    let trap: Trap | undefined

    const forward = messageSplitter((message) => {
      if (client.destroyed) return
      const command = commandIn(message)
      if (command['update'] === 'outbox_lease') confirming.add(transactionOf(command))
      if (command['commitTransaction'] && !confirming.has(transactionOf(command))) {
        trap = trapped.get(transactionOf(command)) ?? nextTrap()
        if (trap !== undefined) trapped.set(transactionOf(command), trap)
      }
      if (trap?.cut === 'unheard') return cut(trap.then)
      upstream.write(message)
    })
    client.on('data', forward)
    upstream.on('data', (chunk) => {
      if (trap === undefined) client.write(chunk)
      else if (!client.destroyed) cut(trap.then)
    })
  }
}

/** What is asked, without the documents that go with it in sections of their own. */
function commandIn(message: Buffer): Document {
  if (message.readInt32LE(OPCODE) !== OP_MSG) return {}
  return BSON.deserialize(message.subarray(BODY, BODY + message.readInt32LE(BODY)))
}

const transactionOf = ({ lsid, txnNumber }: Document): string => `${lsid?.id?.toUUID()} ${txnNumber}`

/** Cuts what a client of MongoDB sends into messages: each begins with its length. */
function messageSplitter(take: (message: Buffer) => void): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0)

  return (chunk) => {
    rest = Buffer.concat([rest, chunk])
    while (rest.length >= 4 && rest.length >= rest.readInt32LE(0)) {
      const message = rest.subarray(0, rest.readInt32LE(0))
      rest = rest.subarray(message.length)
      take(message)
    }
  }
}
