import { join } from 'node:path'
import {
  loadSync,
  type MessageTypeDefinition,
  type PackageDefinition,
  type ServiceDefinition,
} from '@grpc/proto-loader'

const PROTOS = join(import.meta.dirname, '../../../proto')
const INTERFACE = 'forum/v1/forum.proto'
const ERROR_MODEL = ['google/rpc/status.proto', 'google/rpc/error_details.proto']

/** As scripts/grpc-types.ts generates the types of the same files. */
const OPTIONS = { longs: Number, defaults: true, includeDirs: [PROTOS] }

/** A file of another package, with the same options. */
export const loadProto = (path: string): PackageDefinition => loadSync(path, OPTIONS)

/** The interface as the proto says it, by names such as `forum.v1.PostService`. Reading it takes some 50 ms. */
export const loadInterface = (): PackageDefinition => loadSync(INTERFACE, OPTIONS)

/** The messages that describe an error, by names such as `google.rpc.Status`. */
export const loadErrorModel = (): PackageDefinition => loadSync(ERROR_MODEL, OPTIONS)

/** The messages that describe protos. What a descriptor does not say stays unsaid. */
export const loadDescriptorModel = (): PackageDefinition =>
  loadSync('forum/descriptors.proto', { includeDirs: [PROTOS] })

/** The interface, the error model and another proto, with the names that the protos have. */
export const loadDescribed = (other: string): PackageDefinition =>
  loadSync([INTERFACE, ...ERROR_MODEL, other], { ...OPTIONS, keepCase: true })

export function serviceOf(definitions: PackageDefinition, name: string): ServiceDefinition {
  const definition = definitions[name]
  if (definition === undefined || 'format' in definition) throw new Error(`The proto has no service ${name}.`)
  return definition
}

export function messageOf(definitions: PackageDefinition, name: string): MessageTypeDefinition<object, object> {
  const definition = definitions[name]
  if (definition === undefined || !('serialize' in definition)) throw new Error(`The proto has no message ${name}.`)
  return definition as MessageTypeDefinition<object, object>
}
