import type { Checks } from '../controllers/health/check.ts'
import { counter, gauge, type Metric } from '../controllers/health/metrics.ts'
import type { LoadStats } from '../controllers/http/load/load-shedder.ts'
import type { IdentityProvider } from '../domains/ports/identity-provider.ts'
import type { MessageQueue } from '../domains/ports/message-queue.ts'
import { UnusableIssuer } from '../infrastructures/authentication/oidc/unusable-issuer.ts'
import type { Cache } from '../infrastructures/cache/cache.ts'
import { type DriverOutbox, MAX_COUNTED, type StoreDriver } from '../infrastructures/store/driver.ts'
import { share } from '../patterns/share.ts'

/** Counts since the start, by whoever publishes and handles events. */
export type EventFigures = Readonly<
  Record<'published' | 'redelivered' | 'handled' | 'repeated' | 'ignored' | 'altered', number>
>

type Parts = Readonly<{
  driver: Pick<StoreDriver, 'ping'> & Readonly<{ outbox: Pick<DriverOutbox, 'backlog'> }>
  cache: Pick<Cache, 'ping' | 'figures'>
  queue: Pick<MessageQueue, 'ping' | 'deadLetters'>
  identity: Pick<IdentityProvider, 'ping'>
  events: () => EventFigures
  load: () => LoadStats
}>

/** What health tells of the parts. What a server has to be asked for is asked once at a time, whoever wants to know. */
export function vitalSigns(given: Parts) {
  const { driver, queue } = given
  const parts = {
    ...given,
    backlog: share(() => driver.outbox.backlog()),
    deadLetters: share(() => queue.deadLetters()),
  }
  return { checks: checksOf(parts), metrics: metricsOf(parts) }
}

type Shared = Parts & Pick<DriverOutbox, 'backlog'> & Pick<MessageQueue, 'deadLetters'>

const checksOf = ({ driver, cache, queue, identity, events, backlog, deadLetters }: Shared): Checks => ({
  database: { ping: () => driver.ping(), isRequired: true },
  cache: {
    ping: () => cache.ping(),
    isRequired: false,
    figures: {
      hits: () => cache.figures.hits,
      loads: () => cache.figures.loads,
      failures: () => cache.figures.failures,
    },
  },
  queue: {
    ping: () => queue.ping(),
    isRequired: false,
    figures: {
      published: () => events().published,
      redelivered: () => events().redelivered,
      deadLetters: async () => Object.values(await deadLetters()).reduce((sum, count) => sum + count, 0),
    },
  },
  outbox: {
    ping: async () => void (await backlog()),
    isRequired: false,
    figures: {
      pending: async () => (await backlog()).pending,
      oldestAgeSeconds: async () => (await backlog()).oldestAgeMs / 1000,
    },
  },
  identity: {
    ping: () => identity.ping(),
    isRequired: false, // a balancer cannot mend it: all replicas stand on the same issuer
    causeOf: ({ cause }) => (cause instanceof UnusableIssuer ? cause.message : null),
  },
})

const metricsOf = ({ cache, events, load, backlog, deadLetters }: Shared): readonly Metric[] => [
  gauge(
    'forum_outbox_pending',
    `Events that wait to be published, at most ${MAX_COUNTED}.`,
    async () => (await backlog()).pending,
  ),
  gauge(
    'forum_outbox_oldest_age_seconds',
    'Age of the event that waits the longest.',
    async () => (await backlog()).oldestAgeMs / 1000,
  ),
  counter('forum_events_published_total', 'Events that the queue has confirmed.', () => events().published),
  counter('forum_events_redelivered_total', 'Deliveries of what was delivered before.', () => events().redelivered),
  counter('forum_events_handled_total', 'Events that took effect.', () => events().handled),
  counter('forum_events_repeated_total', 'Events that had taken effect before.', () => events().repeated),
  counter('forum_events_ignored_total', 'Events that concern nobody here.', () => events().ignored),
  counter('forum_events_altered_total', 'Events that came again with another text.', () => events().altered),
  gauge('forum_dead_letters', 'Messages that were set aside, by consumer.', async () =>
    Object.entries(await deadLetters()).map(([consumer, value]) => ({ labels: { consumer }, value })),
  ),
  counter('forum_requests_refused_total', 'Requests refused because of overload.', () => load().refused),
  gauge('forum_requests_running', 'Requests that are being worked on.', () => load().running),
  gauge('forum_requests_waiting', 'Requests that wait for their start.', () => load().waiting),
  counter('forum_cache_hits_total', 'Copies that were given.', () => cache.figures.hits),
  counter('forum_cache_loads_total', 'Values that were loaded.', () => cache.figures.loads),
  counter('forum_cache_failures_total', 'Times at which the cache itself failed.', () => cache.figures.failures),
]
