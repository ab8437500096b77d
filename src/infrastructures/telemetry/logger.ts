import { styleText } from 'node:util'
import { type DestinationStream, destination, type Logger, pino } from 'pino'

export type { Logger }

/** Fields that the line itself contains, or that are the same in all lines. */
const IGNORED = 'pid,hostname,time,level,error\\.message'

/** On a terminal whose user wants colors. */
const COLORS: Readonly<Record<string, 'yellow' | 'red'>> = { warn: 'yellow', error: 'red', fatal: 'red' }

export type LogOptions = Readonly<{ level: string; format: 'ecs' | 'pretty'; service: string; version: string }>

/** Logs to standard output: in the Elastic Common Schema, one JSON object a line, or prettily for people. */
export async function createLogger({ level, format, service, version }: LogOptions): Promise<Logger> {
  return format === 'ecs' ? pino(ecsOptions(level, service, version), output()) : pino({ level }, await prettyOutput())
}

const ecsOptions = (level: string, service: string, version: string) => ({
  level,
  base: { 'ecs.version': '8.11', 'service.name': service, 'service.version': version },
  messageKey: 'message',
  timestamp: () => `,"@timestamp":"${new Date().toISOString()}"`,
  formatters: { level: (label: string) => ({ 'log.level': label }) },
})

/** A full or closed output never stops the service. */
function output(): DestinationStream {
  const stdout = destination({ fd: 1, sync: true })
  stdout.on('error', () => {})
  return stdout
}

async function prettyOutput(): Promise<DestinationStream> {
  const { default: pretty } = await import('pino-pretty')
  return pretty({ colorize: false, ignore: IGNORED, messageFormat: lineOf, sync: true })
}

/** `16:03:51 GET /v1/users/me 200 4.8 ms alice`: the level is shown only from WARN on. */
function lineOf(log: Readonly<Record<string, unknown>>): string {
  const { time, level, msg } = log
  const [clock] = new Date(Number(time)).toTimeString().split(' ')
  const label = pino.levels.labels[Number(level)] ?? ''
  const color = COLORS[label]
  const cause = log['error.message']
  const why = typeof cause !== 'string' || String(msg).includes(cause) ? '' : `: ${cause}`
  return [clock, ...(color ? [styleText(color, label.toUpperCase())] : []), `${msg}${why}`].join(' ')
}
