import { type DestinationStream, destination, type Logger, pino } from 'pino'

export type { Logger }

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
  return pretty({ colorize: true, ignore: 'pid,hostname', sync: true, translateTime: 'HH:MM:ss.l' })
}
