import type { Server } from '@grpc/grpc-js'
import type { PackageDefinition } from '@grpc/proto-loader'
import { ReflectionService } from '@grpc/reflection'
import { protoPath } from 'grpc-health-check'
import { loadDescribed } from './definitions.ts'
import { descriptorsOf } from './descriptors.ts'

/** Lets tools such as grpcurl ask what there is: the interface and health. */
export function addReflectionService(server: Server): void {
  const fileDescriptorProtos = descriptorsOf(loadDescribed(protoPath))
  const described = { forum: { fileDescriptorProtos } } as unknown as PackageDefinition
  new ReflectionService(described).addToServer(server)
}
