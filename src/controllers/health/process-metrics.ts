import { monitorEventLoopDelay } from 'node:perf_hooks'
import { counter, gauge, type Metric } from '../../patterns/monitoring.ts'

const RESOLUTION_MS = 20

/** What this process takes, under the names that every dashboard for Node.js knows. */
export function processMetrics(): readonly Metric[] {
  const intervals = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  intervals.enable()

  function longestDelay(): number {
    const seconds = Math.max(0, intervals.max / 1e9 - RESOLUTION_MS / 1e3)
    intervals.reset()
    return seconds
  }

  return [
    gauge('process_resident_memory_bytes', 'Memory that is in use.', () => process.memoryUsage.rss()),
    counter('process_cpu_seconds_total', 'Time on processors.', processorSeconds),
    gauge('process_start_time_seconds', 'When the process started.', () => performance.timeOrigin / 1e3, 'max'),
    gauge(
      'nodejs_eventloop_lag_seconds',
      'Longest delay of the event loop since the last scrape.',
      longestDelay,
      'max',
    ),
  ]
}

function processorSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}
