import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Answer, answerOf } from './answers.ts'

export type Exchange = Readonly<{ answers: readonly Answer[]; isClosed: boolean; milliseconds: number }>

/** A part that waits this many milliseconds, or bytes as they are. */
export type Part = number | string | Buffer

/**
 * Sends bytes over a connection of its own and reads the responses, until the server closes, `expected` responses have arrived,
 * or the time-out is over.
 */
export async function exchange(
  port: number,
  parts: readonly Part[],
  expected = 1,
  timeoutMs = 3_000,
): Promise<Exchange> {
  const start = performance.now()
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  const { promise: over, resolve } = Promise.withResolvers<void>()
  let received = ''
  let isClosed = false
  const end = () => {
    isClosed = true
    resolve()
  }

  socket.setEncoding('latin1').on('error', end).on('end', end).on('close', end)
  socket.on('data', (text: string) => {
    received += text
    if (answersIn(received).length >= expected) setTimeout(resolve, GRACE_MS)
  })
  const timer = setTimeout(resolve, timeoutMs)
  for (const part of parts) {
    if (typeof part === 'number') await Promise.race([sleep(part), over])
    else if (!isClosed) socket.write(part)
  }
  await over
  clearTimeout(timer)
  socket.destroy()
  return { answers: answersIn(received), isClosed, milliseconds: performance.now() - start }
}

/** After the last answer, a connection that is to be closed is closed within this time. */
const GRACE_MS = 60

function answersIn(received: string): readonly Answer[] {
  const answers: Answer[] = []
  for (let rest = received; rest !== ''; ) {
    const [head, body] = halves(rest, '\r\n\r\n')
    const [line, fields] = halves(head, '\r\n')
    const headers = fields
      .split('\r\n')
      .map((field) => halves(field, ':').map((part) => part.trim()) as [string, string])
    const answer = answerOf(Number(line.split(' ')[1]), headers, '')
    const length = Number(answer.headers['content-length'] ?? 0)
    if (body.length < length) break
    if (answer.status !== 100)
      answers.push(answerOf(answer.status, headers, Buffer.from(body.slice(0, length), 'latin1').toString()))
    rest = body.slice(length)
  }
  return answers
}

function halves(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)]
}
