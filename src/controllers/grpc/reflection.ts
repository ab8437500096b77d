import type { Server } from '@grpc/grpc-js'
import type { PackageDefinition } from '@grpc/proto-loader'
import { ReflectionService } from '@grpc/reflection'
import { protoPath } from 'grpc-health-check'
import { loadProto } from './definitions.ts'

/** Lets tools such as grpcurl ask what there is: the interface and health. */
export function addReflectionService(server: Server, definitions: PackageDefinition): void {
  new ReflectionService({ ...loadProto(protoPath), ...definitions }).addToServer(server)
}
