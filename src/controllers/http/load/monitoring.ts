import { counter, gauge, type Monitoring } from '../../../patterns/monitoring.ts'
import { PRODUCT } from '../../../patterns/product.ts'
import type { LoadStats } from './load-shedder.ts'

/** The numbers of running, waiting and refused requests. */
export const loadMonitoring = (load: () => LoadStats): Monitoring => ({
  checks: {},
  metrics: [
    counter(`${PRODUCT.metrics}requests_refused_total`, 'Requests refused because of overload.', () => load().refused),
    gauge(`${PRODUCT.metrics}requests_running`, 'Requests that are being worked on.', () => load().running),
    gauge(`${PRODUCT.metrics}requests_waiting`, 'Requests that wait for their start.', () => load().waiting),
  ],
})
