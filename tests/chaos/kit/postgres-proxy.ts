import type { Relay, Trap, Wire } from './commit-proxy.ts'
import { messageSplitter } from './postgres-messages.ts'

const IS_ANNOUNCING = /insert into outbox/

export const relayPostgres = (): Relay => relay

function relay({ client, upstream, cut }: Wire, nextTrap: () => Trap | undefined): void {
  const isCommit = commitSpotter()
  let trap: Trap | undefined
  let answer = ''
  let held = ''

  const forward = messageSplitter((message) => {
    if (client.destroyed) return
    if (trap === undefined && isCommit(message)) {
      trap = nextTrap()
      answer = isStatement(message) ? 'COMMIT\0' : 'INSERT 0 1\0'
    }
    if (trap?.cut === 'unheard') return cut(trap.then)
    upstream.write(message)
  })
  client.on('data', forward)
  upstream.on('data', (chunk) => {
    if (trap === undefined) return void client.write(chunk)
    held += chunk.toString('latin1')
    if (held.includes(answer) && !client.destroyed) cut(trap.then)
  })
}

const isStatement = (message: Buffer): boolean => message[0] === 'Q'.charCodeAt(0)

/** Recognizes the message with which the server keeps a unit: COMMIT, or the execution of a single statement. */
function commitSpotter() {
  const announcing = new Set<string>()
  let isInTransaction = false
  let announces = false

  return (message: Buffer): boolean => {
    const [type, text] = [String.fromCharCode(message[0] ?? 0), message.toString('latin1', 5)]
    const [first = '', second = ''] = text.split('\0', 2)
    if (type === 'Q') isInTransaction = text.startsWith('begin')
    if (type === 'P') announcing.delete(first)
    if (type === 'P' && IS_ANNOUNCING.test(text)) announcing.add(first)
    if (type === 'B') announces = announcing.has(second)
    return type === 'Q' ? text.startsWith('commit') : type === 'E' && announces && !isInTransaction
  }
}
