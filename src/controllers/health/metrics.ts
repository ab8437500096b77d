import type { Metric, Sample } from '../../patterns/vital-signs.ts'
import { within } from './check.ts'

/** The text format of Prometheus. */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

const PATIENCE_MS = 1_000

/** All metrics as text. One that fails, or takes its time, is left out. */
export const metricsText = async (metrics: readonly Metric[]): Promise<string> =>
  (await Promise.all(metrics.map(textOf))).join('')

async function textOf({ name, help, type, read }: Metric): Promise<string> {
  const reading = await within(PATIENCE_MS, read).catch(() => [])
  const samples = typeof reading === 'number' ? [{ labels: {}, value: reading }] : reading
  const lines = samples
    .filter(({ value }) => Number.isFinite(value))
    .map(({ labels, value }) => `${name}${labelsText(labels)} ${value}\n`)
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
