import type { Tracer } from '../patterns/tracing.ts'
import type { Config } from './config.ts'
import { createDurations } from './durations.ts'
import { messagingSystem } from './tracing.ts'

/** How the parts report what they do: durations always, spans only if a collector is configured. */
export const createTelemetry = ({ queue }: Config, tracer: Tracer | null) => ({
  durations: createDurations(),
  tracer,
  tracing: tracer && { tracer, system: messagingSystem(queue) },
})

export type Telemetry = ReturnType<typeof createTelemetry>
