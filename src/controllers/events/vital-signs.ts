import { PRODUCT } from '../../patterns/product.ts'
import { counter, type VitalSigns } from '../../patterns/vital-signs.ts'
import type { EventFigures } from './consume-events.ts'

/** What became of the events that were heard. */
export const eventSigns = (figures: () => Omit<EventFigures, 'redelivered'>): VitalSigns => ({
  checks: {},
  metrics: [
    counter(`${PRODUCT.metrics}events_handled_total`, 'Events that took effect.', () => figures().handled),
    counter(
      `${PRODUCT.metrics}events_repeated_total`,
      'Events that had taken effect before.',
      () => figures().repeated,
    ),
    counter(`${PRODUCT.metrics}events_ignored_total`, 'Events that concern nobody here.', () => figures().ignored),
    counter(
      `${PRODUCT.metrics}events_altered_total`,
      'Events that came again with another text.',
      () => figures().altered,
    ),
  ],
})
