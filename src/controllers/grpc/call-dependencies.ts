import type { Metadata } from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { Tracer } from '../../patterns/tracing.ts'
import type { Admission } from './admission.ts'
import type { Authentication } from './authentication.ts'
import type { CallState } from './call-record.ts'
import type { Limits } from './limits.ts'
import type { OpenStreams } from './open-streams.ts'
import type { PendingResponses } from './pending-responses.ts'
import type { StatusWriter } from './status-writer.ts'

/** What it takes to answer calls. */
export type CallDependencies = Readonly<{
  authenticate: Authentication
  admission: Admission
  streams: OpenStreams
  unsent: PendingResponses
  writeStatus: StatusWriter
  tracer: Tracer | null
  stateOf: (metadata: Metadata) => CallState
  limits: Limits
}>

export type Definition = MethodDefinition<object, object>
