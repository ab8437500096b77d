import { once } from 'node:events'
import { openSocket } from './sockets.ts'

export type OnAnswer = (status: number, saysWhen: boolean) => void
export type LoadConnection = Awaited<ReturnType<typeof openLoadConnection>>

/** A kept-alive connection with one request at a time, read with the least that it takes: thousands share a core. */
export async function openLoadConnection(url: string) {
  let onResponse: OnAnswer | null = null
  let text = ''

  function finish(status: number, saysWhen: boolean): void {
    const answered = onResponse
    onResponse = null
    text = ''
    answered?.(status, saysWhen)
  }

  function take(chunk: string): void {
    text += chunk
    const end = text.indexOf('\r\n\r\n')
    if (end < 0) return
    const head = text.slice(0, end)
    const bodyBytes = Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? 0)
    if (text.length >= end + 4 + bodyBytes) finish(Number(head.slice(9, 12)), /\r\nretry-after:/i.test(head))
  }

  function open() {
    const socket = openSocket(url).setEncoding('latin1').setNoDelay(true).on('data', take)
    socket.on('close', () => socket === current && finish(0, false))
    return socket
  }

  let current = open()
  await once(current, 'connect').catch(() => {})
  return {
    /** Status 0: the connection was lost. The next request opens a new one. */
    ask(bytes: Buffer, answered: OnAnswer): void {
      onResponse = answered
      if (!current.writable) current = open()
      current.write(bytes)
    },
  }
}
