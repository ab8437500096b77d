const [VARINT, LENGTH_DELIMITED] = [0, 2]
const LENGTHS: Readonly<Record<number, number>> = { 1: 8, 5: 4 }
const MAX_VARINT_BYTES = 10

/** Whether the fields of a message are all there: the library reads a text that is cut off as if it were a shorter one. */
export function isComplete(message: Buffer): boolean {
  let at = 0

  function varint(): number {
    let value = 0
    for (let index = 0; index < MAX_VARINT_BYTES; index++) {
      const byte = message[at++] ?? Number.NaN
      value += (byte & 0x7f) * 2 ** (7 * index)
      if (Number.isNaN(byte) || byte < 0x80) return Number.isNaN(byte) ? byte : value
    }
    return Number.NaN
  }

  while (at < message.length) {
    const wireType = varint() & 7
    const length = wireType === VARINT || wireType === LENGTH_DELIMITED ? varint() : LENGTHS[wireType]
    if (wireType !== VARINT) at += length ?? Number.NaN
    if (!(at <= message.length)) return false
  }
  return at === message.length
}
