import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createHttpClient } from './http-client.ts'
import { headOf, openSocket } from './sockets.ts'

export type SlowClient = (url: string, token: string) => Socket

const trickle = (socket: Socket, begin: string, drop: string): Socket => {
  const timer = setInterval(() => socket.writable && socket.write(drop), 400)
  socket.on('close', () => clearInterval(timer))
  socket.write(begin)
  return socket
}

/** Ways to hold a connection without wanting anything from it. */
export const SLOW_CLIENTS: Readonly<Record<string, SlowClient>> = {
  'send their headers slowly': (url) => trickle(openSocket(url), 'GET /v1/posts HTTP/1.1\r\n', 'X-Drop: 1\r\n'),
  'send their bodies slowly': (url, token) => {
    const headers = ['Content-Type: application/json', 'Content-Length: 5000']
    return trickle(openSocket(url), headOf(url, 'POST', '/v1/posts', token, headers), ' ')
  },
  'connect and say nothing': (url) => openSocket(url),
  'read the largest page slowly': (url, token) => {
    const socket = openSocket(url)
    socket.once('data', () => socket.pause())
    socket.write(headOf(url, 'GET', '/v1/posts?limit=100', token))
    return socket
  },
}

/** So many connections more every 20 ms: who holds connections is meant here, not who asks faster than anyone can answer. */
const WAVE = 3

/** Keeps so many connections open, opening others for those that are closed. */
export function startSlowClients(slowClient: SlowClient, url: string, token: string, strength: number) {
  const sockets = new Set<Socket>()
  let isOver = false
  let opened = 0

  async function fill(): Promise<void> {
    while (!isOver) {
      for (let wave = 0; wave < WAVE && sockets.size < strength; wave++) {
        const socket = slowClient(url, token)
        opened++
        sockets.add(socket)
        socket.on('close', () => sockets.delete(socket))
      }
      await sleep(20)
    }
  }

  const filling = fill()
  return {
    opened: () => opened,
    async untilComplete(): Promise<void> {
      while (opened < strength) await sleep(20)
      await sleep(500)
    },
    holding: () => sockets.size,
    async [Symbol.asyncDispose](): Promise<void> {
      isOver = true
      await filling
      for (const socket of sockets) socket.destroy()
    },
  }
}

export type Experience = Readonly<{ requests: number; failed: readonly string[]; p99: number }>

/** The answers to good clients, which write and read until `stop`. */
export function startGoodClients(url: string, token: string, clients: number) {
  const times: number[] = []
  const failed: string[] = []
  let isOver = false

  async function live(): Promise<void> {
    using http = createHttpClient()
    while (!isOver) {
      const start = performance.now()
      const write = { method: 'POST', body: { text: 'good' } }
      const call = { url: `${url}/v1/posts`, token, ...write }
      const outcome = await http.ask(call).then(
        ({ status }) => (status === 201 ? null : String(status)),
        (error) => String(error),
      )
      times.push(performance.now() - start)
      if (outcome !== null) failed.push(outcome)
      await sleep(10)
    }
  }

  const lives = Promise.all(Array.from({ length: clients }, live))
  return async (): Promise<Experience> => {
    isOver = true
    await lives
    times.sort((one, other) => one - other)
    return { requests: times.length, failed, p99: Math.round(times[Math.floor(times.length * 0.99)] ?? 0) }
  }
}
