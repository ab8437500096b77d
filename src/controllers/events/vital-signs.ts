import { counter, type VitalSigns } from '../../patterns/vital-signs.ts'
import type { EventFigures } from './consume-events.ts'

/** What became of the events that were heard. */
export const eventSigns = (figures: () => Omit<EventFigures, 'redelivered'>): VitalSigns => ({
  checks: {},
  metrics: [
    counter('forum_events_handled_total', 'Events that took effect.', () => figures().handled),
    counter('forum_events_repeated_total', 'Events that had taken effect before.', () => figures().repeated),
    counter('forum_events_ignored_total', 'Events that concern nobody here.', () => figures().ignored),
    counter('forum_events_altered_total', 'Events that came again with another text.', () => figures().altered),
  ],
})
