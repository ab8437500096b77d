import type { MetricReading, Sample } from '../../patterns/monitoring.ts'

/** The text format of Prometheus. */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/** All metrics as text. One without a value is left out. */
export const metricsText = (metrics: readonly MetricReading[]): string => metrics.map(textOf).join('')

function textOf({ name, help, type, samples }: MetricReading): string {
  const lines = samples
    .filter(({ value }) => Number.isFinite(value))
    .map(({ labels, value, suffix = '' }) => `${name}${suffix}${labelsText(labels)} ${value}\n`)
  return lines.length === 0
    ? ''
    : `# HELP ${name} ${escaped(help, /[\\\n]/g)}\n# TYPE ${name} ${type}\n${lines.join('')}`
}

function labelsText(labels: Sample['labels']): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value, /[\\\n"]/g)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join()}}`
}

const escaped = (text: string, special: RegExp): string =>
  text.replace(special, (character) => (character === '\n' ? '\\n' : `\\${character}`))
