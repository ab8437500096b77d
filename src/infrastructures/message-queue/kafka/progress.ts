import { PREFETCH } from '../ordered-dispatcher.ts'

/** The committed offset of a consumer group in a partition, with its metadata: a text that the coordinator stores with it. */
export type Committed = Readonly<{ offset: number; metadata: string | null }>

/** The metadata, relative to the committed offset. A broker stores 4,096 characters; a full window takes 3,000. */
type CommitMetadata = Readonly<{
  /** Whether a process may have attempted messages from the offset on. */
  open?: true
  /** Which messages from the offset on are done, a bit for each. */
  done?: string
  /** The attempts of unfinished messages. */
  attempts?: Readonly<Record<string, number>>
}>

/**
 * The progress of this process in a partition. Kafka stores one offset, before which all messages are settled. Later messages
 * that are settled while an earlier one waits for its next attempt, and the numbers of attempts, are stored in the metadata.
 */
export class Progress {
  readonly partition: number

  /** The committed offset when this process was assigned the partition. */
  readonly offset: number

  /** A process that died may have attempted messages before this offset. */
  readonly maybeAttemptedUntil: number

  /** Whether messages are being handled: after a process died, this stays true. */
  isOpen = false

  /** The committed attempts of unfinished messages. */
  attempts: ReadonlyMap<number, number>

  readonly #done: Set<number>
  readonly #held: number[] = []
  #next: number

  constructor(partition: number, { offset, metadata }: Committed) {
    const { open = false, done = '', attempts = {} } = readNote(metadata)
    this.partition = partition
    this.offset = offset
    this.maybeAttemptedUntil = open ? offset + PREFETCH : offset
    this.attempts = new Map(Object.entries(attempts).map(([delta, count]) => [offset + Number(delta), count]))
    this.#done = offsetsIn(done, offset)
    this.#next = offset
  }

  /** The offsets of messages in progress, and of some that are settled. */
  get unsettled(): readonly number[] {
    return this.#held
  }

  /** Whether a message may be taken: the window beyond the committed offset is bounded. */
  hasCapacity(offset: number): boolean {
    return offset < this.#base + PREFETCH
  }

  /** Takes the next message; false if it is settled already. */
  take(offset: number): boolean {
    this.#held.push(offset)
    this.#next = offset + 1
    if (!this.#done.has(offset)) return true
    this.#advance()
    return false
  }

  settle(offset: number): void {
    this.#done.add(offset)
    this.#advance()
  }

  /** Continues at another offset, as the next one does not exist any more. */
  jump(offset: number): void {
    if (offset < this.#base) this.#done.clear()
    this.#next = offset
  }

  committed(): Committed {
    const from = this.#base
    const counts = [...this.attempts].filter(([offset]) => offset >= from && !this.#done.has(offset))
    const note: CommitMetadata = {
      ...(this.isOpen && { open: true }),
      ...(this.#done.size > 0 && { done: bitsOf(this.#done, from) }),
      ...(counts.length > 0 && {
        attempts: Object.fromEntries(counts.map(([offset, count]) => [offset - from, count])),
      }),
    }
    return { offset: from, metadata: JSON.stringify(note) }
  }

  get #base(): number {
    return this.#held[0] ?? this.#next
  }

  #advance(): void {
    for (let [first] = this.#held; first !== undefined && this.#done.has(first); [first] = this.#held) {
      this.#done.delete(first)
      this.#held.shift()
    }
  }
}

/** After an operator has reset the offsets, the metadata is missing or foreign. */
function readNote(metadata: string | null): CommitMetadata {
  try {
    return JSON.parse(metadata || '{}') ?? {}
  } catch {
    return {}
  }
}

function bitsOf(offsets: ReadonlySet<number>, from: number): string {
  const bits = Buffer.alloc(Math.ceil((Math.max(...offsets) - from + 1) / 8))
  for (const at of offsets) bits[(at - from) >> 3] = (bits[(at - from) >> 3] ?? 0) | (1 << ((at - from) & 7))
  return bits.toString('base64')
}

function offsetsIn(text: string, from: number): Set<number> {
  const bits = Buffer.from(text, 'base64')
  const all = Array.from({ length: bits.length * 8 }, (_, at) => at)
  return new Set(all.filter((at) => ((bits[at >> 3] ?? 0) >> (at & 7)) & 1).map((at) => from + at))
}
