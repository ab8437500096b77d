import type { Tracer } from '../patterns/tracing.ts'
import type { Config } from './config.ts'
import { createDurations } from './durations.ts'
import { messagingSystem } from './tracing.ts'

/** What the parts are given to tell of themselves: durations always, spans only where they are collected. */
export const createTelemetry = ({ queue }: Config, tracer: Tracer | null) => ({
  durations: createDurations(),
  tracer,
  tracing: tracer && { tracer, system: messagingSystem(queue) },
})

export type Telemetry = ReturnType<typeof createTelemetry>
