import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { isEnding, pendingResponse } from './pending-response.ts'

/** With so many unanswered requests, a connection is not read any more. Requests that were read by then are kept. */
const MAX_PENDING = 100

/**
 * Runs the requests of a connection in order (RFC 9112, section 9.3.2): one that may change something when all before it
 * are answered, and none before that is. Only requests that change nothing run side by side. Nothing runs behind an
 * answer that says `Connection: close` (section 9.6). Clients that wait for each response, as nearly all do, pay nothing for this.
 * `run` is what runs a request in place of the server's own listener.
 */
export function runInOrder(server: Server, listener: RequestListener, run = listener): void {
  const pipelines = new WeakMap<Socket, Pipeline>()

  function pipelineOf(socket: Socket): Pipeline {
    const known = pipelines.get(socket) ?? createPipeline(socket, run)
    pipelines.set(socket, known)
    return known
  }

  function take(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request
    if (!socket.writable) return
    if (response.socket === null) pipelineOf(socket).add({ request, response })
    else run(request, response)
  }

  for (const event of ['request', 'checkExpectation']) server.removeListener(event, listener).on(event, take)
}

type Exchange = Readonly<{ request: IncomingMessage; response: ServerResponse }>
type Pipeline = Readonly<{ add: (exchange: Exchange) => void }>

/** The requests of a connection that came before the answers to others. They are dropped when the connection ends. */
function createPipeline(socket: Socket, run: RequestListener): Pipeline {
  const waiting: Exchange[] = []
  let pending = 0

  function runNext(): void {
    if (!socket.writable) return
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      run(next.request, next.response)
      const [after] = waiting
      if (after === undefined || !mayRunTogether(next.request, after.request)) return
    }
  }

  function pauseWhileFull(): void {
    if (pending >= MAX_PENDING) socket.pause()
  }

  function count({ response }: Exchange): void {
    pending++
    pauseWhileFull()
    response.once('close', () => {
      if (pending-- === MAX_PENDING) socket.resume()
    })
  }

  socket.on('resume', pauseWhileFull) // Node.js resumes for reasons of its own.

  return {
    add(exchange) {
      if (isEnding(socket)) return
      count(exchange)
      const { request, response } = exchange
      const current = pendingResponse(socket)?.req
      if (waiting.length === 0 && current && mayRunTogether(current, request)) run(request, response)
      else enqueue(exchange)
    },
  }

  /** An answer is given the connection when all before it are sent. */
  function enqueue(exchange: Exchange): void {
    waiting.push(exchange)
    exchange.response.once('socket', () => {
      if (waiting[0] === exchange) process.nextTick(runNext)
    })
  }
}

/** RFC 9110, section 9.2.1. */
const SAFE: ReadonlySet<string | undefined> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

const mayRunTogether = (first: IncomingMessage, second: IncomingMessage): boolean => isSafe(first) && isSafe(second)

/** A body may turn out to be broken, and then the connection ends with its request. */
const isSafe = ({ method, headers }: IncomingMessage): boolean =>
  SAFE.has(method) && headers['content-length'] === undefined && headers['transfer-encoding'] === undefined
