import { styleText } from 'node:util'
import { type DestinationStream, destination, type Logger, pino } from 'pino'
import type { Tracer } from '../../patterns/tracing.ts'

export type { Logger }

/** Fields that the line itself contains, or that are the same in all lines. */
const IGNORED = 'pid,hostname,time,level,error\\.message'

/** Whether the output is a terminal and its user wants colors. */
const COLORS: Readonly<Record<string, 'yellow' | 'red'>> = { warn: 'yellow', error: 'red', fatal: 'red' }

type TraceIds = Readonly<{ traceId: string | null; spanId: string | null }>
const NO_TRACE: TraceIds = { traceId: null, spanId: null }

export type LogOptions = Readonly<{
  level: string
  format: 'ecs' | 'pretty'
  service: string
  version: string
  /** Adds the ids of the current span to each line. */
  tracer?: Tracer | null
}>

/** Logs to standard output: in the Elastic Common Schema, one JSON object a line, or prettily for people. */
export async function createLogger({ format, ...options }: LogOptions): Promise<Logger> {
  const { level } = options
  return format === 'ecs' ? pino(ecsOptions(options), output()) : pino({ level }, await prettyOutput())
}

const ecsOptions = ({ level, service, version, tracer }: Omit<LogOptions, 'format'>) => ({
  level,
  base: { 'ecs.version': '8.11', 'service.name': service, 'service.version': version },
  messageKey: 'message',
  timestamp: () => `,"@timestamp":"${new Date().toISOString()}"`,
  formatters: { level: (label: string) => ({ 'log.level': label }) },
  ...(tracer ? { mixin: () => traceFields(tracer.current() ?? NO_TRACE) } : {}),
})

/** The ids that link a line with its trace. */
export const traceFields = ({ traceId, spanId }: TraceIds): Readonly<Record<string, string>> => ({
  ...(traceId === null ? {} : { 'trace.id': traceId }),
  ...(spanId === null ? {} : { 'span.id': spanId }),
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
