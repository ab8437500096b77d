import { counter, gauge, type VitalSigns } from '../../../patterns/vital-signs.ts'
import type { LoadStats } from './load-shedder.ts'

/** How much there is to do. */
export const loadSigns = (load: () => LoadStats): VitalSigns => ({
  checks: {},
  metrics: [
    counter('forum_requests_refused_total', 'Requests refused because of overload.', () => load().refused),
    gauge('forum_requests_running', 'Requests that are being worked on.', () => load().running),
    gauge('forum_requests_waiting', 'Requests that wait for their start.', () => load().waiting),
  ],
})
