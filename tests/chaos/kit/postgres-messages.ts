const TYPE = 1
const LENGTH = 4

/**
 * Cuts what a client of PostgreSQL sends into messages (documentation, section "Message Formats"): the first one has no
 * type, only a length; the others have both.
 */
export function messageSplitter(take: (message: Buffer) => void): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0)
  let isFirst = true

  return (chunk) => {
    rest = Buffer.concat([rest, chunk])
    for (;;) {
      const head = isFirst ? 0 : TYPE
      if (rest.length < head + LENGTH) return
      const size = head + rest.readUInt32BE(head)
      if (rest.length < size) return
      const message = rest.subarray(0, size)
      rest = rest.subarray(size)
      isFirst = false
      take(message)
    }
  }
}
