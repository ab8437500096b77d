import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createLoadShedder } from '../../src/controllers/http/load/load-shedder.ts'
import type { StoreDriver } from '../../src/infrastructures/store/driver.ts'
import { headOf, openSocket } from '../chaos/kit/sockets.ts'
import { createStore, memoryDriver } from '../kit/forum-store.ts'
import { openForum } from '../kit/http.ts'

/** More than run and wait at once while the rate of starts is not known. */
export const CALLERS = 1_000
/** So many run; so many are refused in one turn without further consequences. */
export const [MAX_RUNNING, SHARE] = [128, 8]
export const READ = '/v1/posts/01900000-0000-7000-8000-000000000001'
/** Time stands still: the rate of starts, and with it the bound, stays what it is in the beginning. */
const NOW = 1

/** A forum that listens, and whose reads of posts are answered once they are released. */
export async function openBusyForum() {
  const { promise: held, resolve: release } = Promise.withResolvers<void>()
  const driver = memoryDriver()
  const asked = { times: 0 }
  const reader: StoreDriver['reader'] = (aggregate) => {
    const { get, ...rest } = driver.reader(aggregate)
    if (aggregate.type !== 'post') return { ...rest, get }
    return {
      ...rest,
      async get(id) {
        asked.times++
        await held
        return get(id)
      },
    }
  }
  const store = createStore({ ...driver, reader })
  const shedder = createLoadShedder({ onRefused: () => {}, onRecovered: () => {} }, () => NOW)
  const forum = await openForum({ store, shedder })
  await forum.http.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 })
  const url = `http://127.0.0.1:${(forum.http.server.address() as AddressInfo).port}`
  return { forum, url, shedder, asked, release, [Symbol.asyncDispose]: () => forum[Symbol.asyncDispose]() }
}

/** A kept connection on which one thing is asked again and again. */
export async function openCaller(url: string, token: string, path = READ) {
  const socket = openSocket(url).setEncoding('utf8')
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk
  })
  socket.write(headOf(url, 'GET', '/', token)) // The first request of a connection is not refused.
  await once(socket, 'data')
  await until(() => text.includes('\r\n\r\n') && text.endsWith('}'))
  text = ''
  return {
    socket,
    ask: () => socket.write(headOf(url, 'GET', path, token, ['X-Request-Id: request-of-a-test'])),
    text: () => text,
    statuses: () => Array.from(text.matchAll(/HTTP\/1\.1 (\d+)/g), ([, status]) => Number(status)),
  }
}

/** Many callers of which the first take all places, and the others ask at the same moment. */
export async function askTogether({ url, forum, shedder }: Awaited<ReturnType<typeof openBusyForum>>) {
  const callers = await Promise.all(Array.from({ length: CALLERS }, () => openCaller(url, forum.alice.token)))
  const seen = () => Object.values(shedder.stats()).reduce((sum, count) => sum + count, 0)
  for (const { ask } of callers.slice(0, 2 * MAX_RUNNING)) ask()
  await until(() => seen() === 2 * MAX_RUNNING)
  for (const { ask } of callers.slice(2 * MAX_RUNNING)) ask()
  await until(() => seen() === CALLERS)
  const refused = () => callers.filter(({ statuses }) => statuses()[0] === 503)
  await until(() => refused().length === shedder.stats().refused)
  return { callers, refused: refused(), leave: () => callers.forEach(({ socket }) => void socket.resetAndDestroy()) }
}

export const until = async (isTrue: () => boolean): Promise<void> => {
  while (!isTrue()) await sleep(10)
}
