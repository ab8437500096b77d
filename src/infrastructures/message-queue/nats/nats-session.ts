import type { JsMsg } from '@nats-io/jetstream'
import type { Trial } from '../attempt.ts'
import { type Handling, MOST_HELD } from '../handle-in-order.ts'
import { handleUnderLease } from '../handle-under-lease.ts'
import type { Session } from '../keep-consuming.ts'
import type { Starts } from '../start-counts.ts'
import { aborted, within } from '../time.ts'
import { ANSWER_MS, type NatsLink } from './connect.ts'
import { openGate } from './gate.ts'
import { natsLedger } from './nats-ledger.ts'
import { receivedFrom } from './nats-message.ts'
import { dropEndedRequests } from './streams.ts'
import { awaitTurn } from './turn.ts'

const PULL_MS = 5_000

/** Waits for the turn of this process and handles the messages of a name as long as it lasts. */
export function natsSession(trial: Omit<Trial, 'starts'>, own: Starts): Session<NatsLink> {
  return async (link, stopping) => {
    const ending = new AbortController()
    const fail = (cause: unknown) => ending.abort(cause)
    void link.lost.then(fail)
    const over = AbortSignal.any([stopping, ending.signal])

    const { name } = trial.consumer
    const turn = await awaitTurn(link, name, over)
    if (turn === null) return
    const held = new Map<number, JsMsg>([[-1, turn]])
    const renew = () => renewAll(link, held.values())
    try {
      await handleUnderLease({ trial, renew, ledger: natsLedger(link, name), own, fail }, (handling) =>
        deliver(link, name, handling, held, over, fail),
      )
    } finally {
      await giveBack(link, name, held.values()).catch(fail)
    }
    if (!stopping.aborted) throw ending.signal.reason
  }
}

/** `held` are the messages that the server is to leave with this process: the turn, and all that are not settled. */
async function deliver(
  link: NatsLink,
  name: string,
  handling: Handling,
  held: Map<number, JsMsg>,
  over: AbortSignal,
  fail: (cause: unknown) => void,
): Promise<void> {
  const events = await link.js.consumers.get(link.names.events, name)
  const { delivered } = await events.info()
  const unfinished = async () => (await events.info()).num_ack_pending
  function pass(message: JsMsg): void {
    const settled = () => void held.delete(message.seq)
    const isRepeated = message.redelivered || message.seq <= delivered.stream_seq
    handling.receive(receivedFrom(message, { link, name, isRepeated, settled }))
  }
  const gate = openGate(unfinished, pass, fail)

  let lastDelivery = delivered.consumer_seq
  function receive(message: JsMsg): void {
    if (message.info.deliverySequence !== ++lastDelivery) fail(new Error('Another process was handed a message.'))
    if (held.has(message.seq)) return
    held.set(message.seq, message)
    if (!over.aborted) gate.receive(message)
  }

  try {
    const deliveries = await events.consume({
      max_messages: MOST_HELD,
      expires: PULL_MS,
      abort_on_missing_resource: true,
      callback: receive,
    })
    void deliveries.closed().then((cause) => fail(cause ?? new Error('NATS ended the deliveries.')))
    await aborted(over)
    await Promise.race([heard(link), link.lost]).catch(() => {}) // what is on its way is held, and can be given back
    deliveries.stop()
  } finally {
    gate.close()
  }
}

async function renewAll(link: NatsLink, held: Iterable<JsMsg>): Promise<void> {
  for (const message of held) message.working()
  await heard(link)
}

/** So that another process need not wait until their time runs out. */
async function giveBack(link: NatsLink, name: string, held: Iterable<JsMsg>): Promise<void> {
  if (link.connection.isClosed()) return
  await dropEndedRequests(link, name)
  for (const message of held) message.nak()
  await heard(link)
}

/** Resolves when the server has heard all that was said to it. */
const heard = ({ connection }: NatsLink): Promise<void> =>
  within(ANSWER_MS, connection.flush(), () => new Error('NATS did not answer in time.'))
