import { counter, type Monitoring } from '../../patterns/monitoring.ts'
import { PRODUCT } from '../../patterns/product.ts'
import type { EventStats } from './consume-events.ts'

/** Counts the outcomes of events. */
export const eventMonitoring = (stats: () => Omit<EventStats, 'redelivered'>): Monitoring => ({
  checks: {},
  metrics: [
    counter(`${PRODUCT.metrics}events_handled_total`, 'Events that took effect.', () => stats().handled),
    counter(`${PRODUCT.metrics}events_repeated_total`, 'Events that had taken effect before.', () => stats().duplicate),
    counter(`${PRODUCT.metrics}events_ignored_total`, 'Events that no consumer here handles.', () => stats().ignored),
    counter(
      `${PRODUCT.metrics}events_altered_total`,
      'Events that arrived again with another payload.',
      () => stats().mismatched,
    ),
  ],
})
