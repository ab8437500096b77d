import { until } from './command.ts'
import type { Person } from './people.ts'

/** An event as a browser delivers it: its data, and the `Last-Event-ID` of a reconnect. */
export type Received = Readonly<{ id: string; name: string; data: string }>

/** Opens the stream of notifications and parses it as the HTML standard says (section 9.2.6). */
export async function listenAs({ token }: Pick<Person, 'token'>, url: string, lastEventId?: string) {
  const leaving = new AbortController()
  const response = await fetch(`${url}/v1/notifications/stream`, {
    signal: leaving.signal,
    headers: {
      accept: 'text/event-stream',
      authorization: `Bearer ${token}`,
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
    },
  })
  const received: Received[] = []
  const times: number[] = []
  const state = { id: lastEventId ?? '', text: '' }

  async function read(): Promise<'ended' | 'cut'> {
    let rest = ''
    try {
      for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
        state.text += text
        const blocks = (rest + text).split('\n\n')
        rest = blocks.pop() ?? ''
        for (const block of blocks) hearBlock(block)
      }
      return 'ended'
    } catch {
      return 'cut'
    }
  }

  function hearBlock(block: string): void {
    const valuesOf = (field: string) =>
      block.split('\n').flatMap((line) => new RegExp(`^${field}: ?(.*)$`).exec(line)?.[1] ?? [])
    state.id = valuesOf('id').at(-1) ?? state.id
    const data = valuesOf('data').join('\n')
    if (data === '') return
    received.push({ id: state.id, name: valuesOf('event').at(-1) ?? 'message', data })
    times.push(performance.now())
  }

  return {
    status: response.status,
    headers: response.headers,
    received,
    /** When each of them came. */
    times,
    /** What of it was commented on it, in order. */
    comments: () => received.map(({ data }) => JSON.parse(data).commentId as string),
    /** What a client comes back with. */
    lastEventId: () => state.id,
    /** All that came, as it came. */
    text: () => state.text,
    ended: read(),
    receives: (count: number) => until(`${count} were received`, () => received.length >= count),
    leave: () => leaving.abort(),
  }
}
