import type { Server, UntypedServiceImplementation } from '@grpc/grpc-js'
import type { MethodDefinition, PackageDefinition, ServiceDefinition } from '@grpc/proto-loader'
import type { CallDependencies } from './call-dependencies.ts'
import { serviceOf } from './definitions.ts'
import { runServerStream } from './server-stream.ts'
import type { GrpcService } from './service.ts'
import { runUnaryCall } from './unary-call.ts'
import type { UnaryHandler, UnaryHandlers } from './unary-listener.ts'

/**
 * Lets the server answer the streams of a service; its unary calls are answered by the handlers that this returns, by their paths.
 * @throws {Error} unless the service has exactly the methods of the proto
 */
export function addService(
  server: Server,
  definitions: PackageDefinition,
  { name, methods }: GrpcService,
  dependencies: CallDependencies,
): UnaryHandlers {
  const definition = serviceOf(definitions, name)
  const unaryHandlers = new Map<string, UnaryHandler>()
  const streams: UntypedServiceImplementation = {}
  for (const [method, described] of Object.entries(definition)) {
    const answer = methods[method]
    if (answer === undefined) throw new Error(`${name} has no method ${method}.`)
    if (described.responseStream) streams[method] = runServerStream(described, answer, dependencies)
    else unaryHandlers.set(described.path, runUnaryCall(described, answer, dependencies))
  }
  server.addService(opaque(definition), streams)
  return unaryHandlers
}

/** The library hands messages over as they are: they are read after authentication, and refused with words of our own. */
const opaque = (definition: ServiceDefinition): ServiceDefinition =>
  Object.fromEntries(Object.entries(definition).map(([name, method]) => [name, opaqueMethod(method)]))

const opaqueMethod = (method: MethodDefinition<object, object>) => ({
  ...method,
  requestDeserialize: asItIs,
  responseSerialize: asItIs as (message: object) => Buffer,
})

const asItIs = (bytes: Buffer): Buffer => bytes
