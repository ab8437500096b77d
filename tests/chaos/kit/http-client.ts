import { Agent, type IncomingHttpHeaders, request } from 'node:http'

export type Answer = Readonly<{ status: number; headers: IncomingHttpHeaders; body: Body }>
export type Body = Readonly<{
  id?: string
  version?: number
  text?: string
  code?: string
  detail?: string
  items?: readonly Body[]
  nextCursor?: string | null
}>

export type Call = Readonly<{
  method?: string
  url: string
  token: string
  body?: unknown
  headers?: Readonly<Record<string, string>>
  timeoutMs?: number
}>

/** Thrown when there is no whole answer. Only a refused connection proves that nothing was asked. */
export class NoAnswer extends Error {
  readonly wasSent: boolean
  /** That of the client, if it was connected. */
  readonly port: number | null

  constructor(cause: NodeJS.ErrnoException, port: number | null) {
    super(`no answer: ${cause.code ?? cause.message}`, { cause })
    this.wasSent = cause.code !== 'ECONNREFUSED'
    this.port = port
  }
}

/** Asks once, never again, on kept connections. @throws {NoAnswer} */
export function createHttpClient() {
  const agent = new Agent({ keepAlive: true })

  function ask({ method = 'GET', url, token, body, headers = {}, timeoutMs = 10_000 }: Call): Promise<Answer> {
    const text = body === undefined ? undefined : JSON.stringify(body)
    const sent = {
      authorization: `Bearer ${token}`,
      ...(text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
      ...headers,
    }
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    let port: number | null = null
    const fail = (cause: Error): void => reject(new NoAnswer(cause, port))
    const asked = request(url, { method, agent, headers: sent, timeout: timeoutMs }, (response) => {
      const chunks: Buffer[] = []
      response.on('error', fail)
      response.on('data', (chunk) => chunks.push(chunk))
      response.on('end', () => {
        if (!response.complete) return fail(new Error('the answer was cut'))
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: parsed(response.headers, chunks) })
      })
    })
    asked.on('socket', (socket) => {
      const note = () => {
        port = socket.localPort ?? null
      }
      if (socket.connecting) socket.once('connect', note)
      else note()
    })
    asked.on('error', fail)
    asked.on('timeout', () => asked.destroy(new Error(`silent for ${timeoutMs} ms`)))
    asked.end(text)
    return promise
  }

  return { ask, [Symbol.dispose]: () => agent.destroy() }
}

/** A proxy in front of the service answers with pages of its own. */
function parsed(headers: IncomingHttpHeaders, chunks: readonly Buffer[]): Body {
  const isJson = /^application\/(problem\+)?json\b/.test(headers['content-type'] ?? '')
  return isJson ? JSON.parse(Buffer.concat(chunks).toString()) : {}
}

/** How often each status was answered. */
export const tally = (answers: readonly Answer[]): string =>
  JSON.stringify(
    Object.fromEntries([...Map.groupBy(answers, ({ status }) => status)].map(([s, all]) => [s, all.length])),
  )
