import type { ReadSetting, Variables } from './env.ts'
import { oneOf, type Parser, url } from './parsers.ts'

export type ReadStandard = ReturnType<typeof standardReader>

export const MAX_STANDARD_MS = 600_000

/** Reads the standard variables of OpenTelemetry. One that is empty counts as unset, as their specification says. */
export const standardReader =
  (read: ReadSetting, variables: Variables) =>
  <Value, Unset>(name: string, parse: Parser<Value>, unset: Unset): Value | Unset =>
    variables[name]?.trim() === '' ? unset : read(name, parse, unset)

/** Whether a kind of telemetry is sent: its endpoint or the common one is set, and no variable turns it off. */
export function signalReader(readStandard: ReadStandard): (signal: 'TRACES' | 'METRICS') => boolean {
  const common = readStandard('OTEL_EXPORTER_OTLP_ENDPOINT', url('http:', 'https:'), null)
  const isDisabled = readStandard('OTEL_SDK_DISABLED', (text) => text.toLowerCase() === 'true', false)

  return (signal) => {
    const endpoint = readStandard(`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`, url('http:', 'https:'), null)
    const exporter = readStandard(`OTEL_${signal}_EXPORTER`, oneOf('otlp', 'none'), 'otlp' as const)
    return (common ?? endpoint) !== null && !isDisabled && exporter === 'otlp'
  }
}
