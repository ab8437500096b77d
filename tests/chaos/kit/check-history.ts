import { inconsistencies } from './check-rows.ts'
import { count, type History, type Operation } from './history.ts'
import type { EventEnvelope, Rows } from './rows.ts'

export type Verdict = Readonly<{
  acknowledged: number
  unknown: number
  refused: number
  lost: readonly string[]
  phantom: readonly string[]
  inconsistent: readonly string[]
}>

/** Compares the answers to clients with the stored rows. */
export function judge(history: History, rows: Rows): Verdict {
  return {
    acknowledged: count(history, 'ok'),
    unknown: count(history, 'info'),
    refused: count(history, 'fail'),
    lost: [...lost(history, rows), ...tooFew(history, rows)],
    phantom: [...phantom(history, rows), ...tooMany(history, rows)],
    inconsistent: inconsistencies(rows),
  }
}

const isRemoval = ({ change }: Operation): boolean => change.startsWith('remove')
const isPost = ({ type }: EventEnvelope): boolean => type.startsWith('post.')

/** Each acknowledged change must have an event with its exact text and version; what was removed must be gone. */
function lost(history: History, { kept, outbox }: Rows): readonly string[] {
  const ids = new Set(kept.map(({ id }) => id))
  const published = new Map(outbox.map((event) => [`${event.subject} ${event.version}`, event]))

  return history
    .filter(({ outcome }) => outcome === 'ok')
    .filter((operation) => {
      if (isRemoval(operation)) return ids.has(operation.subject as string)
      return published.get(`${operation.subject} ${operation.version}`)?.data.text !== operation.text
    })
    .map(({ change, subject, version }) => `${change} ${subject} ${version ?? ''}`)
}

/** Whatever is there must have been asked for by a change that did not fail. */
function phantom(history: History, { kept, outbox }: Rows): readonly string[] {
  const possible = history.filter(({ outcome }) => outcome !== 'fail')
  const texts = new Set(possible.filter((operation) => !isRemoval(operation)).map(({ text }) => text))
  const removed = new Set(possible.filter(isRemoval).map(({ subject }) => subject))
  const isAsked = ({ subject, data }: EventEnvelope) => removed.has(subject) || removed.has(data.postId ?? '')

  return [
    ...kept.filter(({ text }) => text !== null && !texts.has(text)).map(({ noun, id }) => `${noun} ${id}`),
    ...outbox
      .filter(({ type, data }) => data.text !== undefined && !type.endsWith('.removed') && !texts.has(data.text))
      .map(({ type, subject, version }) => `${type} ${subject} ${version}`),
    ...outbox
      .filter((event) => event.type.endsWith('.removed') && !isAsked(event))
      .map(({ type, subject }) => `${type} ${subject}`),
  ]
}

/** So many posts there must be at least, and may be at most: nothing but their authors removes them. */
function bounds(history: History): Readonly<{ least: number; most: number }> {
  const sum = (change: string, outcomes: readonly string[]): number =>
    history.filter((operation) => operation.change === change && outcomes.includes(operation.outcome)).length
  return {
    least: sum('write-post', ['ok']) - sum('remove-post', ['ok', 'info']),
    most: sum('write-post', ['ok', 'info']) - sum('remove-post', ['ok']),
  }
}

function tooFew(history: History, { kept }: Rows): readonly string[] {
  const [{ least }, found] = [bounds(history), kept.filter(({ noun }) => noun === 'post').length]
  return found < least ? [`${least - found} of at least ${least} posts`] : []
}

function tooMany(history: History, { kept, outbox }: Rows): readonly string[] {
  const [{ most }, found] = [bounds(history), kept.filter(({ noun }) => noun === 'post').length]
  const twice = outbox.length - new Set(outbox.map(({ subject, version }) => `${subject} ${version}`)).size
  return [
    ...(found > most ? [`${found - most} posts more than ${most} (of ${outbox.filter(isPost).length} events)`] : []),
    ...(twice > 0 ? [`${twice} events for a second time`] : []),
  ]
}
