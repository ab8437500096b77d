import type { MethodDefinition } from '@grpc/proto-loader'
import type { Actor } from '../../domains/entities/actor.ts'

/** A call that is authenticated and whose request is read. */
export type Call = Readonly<{
  actor: Actor
  /** Aborts when the caller has cancelled, its deadline has passed, or the server drains its streams. */
  signal: AbortSignal
  /** Tells the caller of a stream that it is open, before there is anything to send. */
  open(): void
  /** Says something besides the answer, once it is complete. */
  addTrailer(name: string, value: string): void
}>

/** Answers once, or with a stream that ends when the generator does. */
export type Method<Request, Response> = (
  request: Request,
  call: Call,
) => Promise<Response> | AsyncGenerator<Response, void>

/** Every method of a service, by the name that the proto gives it: one that is missing does not compile. */
type Methods<Definition> = {
  readonly [Name in keyof Definition as string extends Name ? never : Name]: Definition[Name] extends MethodDefinition<
    infer _,
    infer __,
    infer Request,
    infer Response
  >
    ? Method<Request, Response>
    : never
}

/** What a module answers over gRPC: a service of the proto. */
export type GrpcService = Readonly<{ name: string; methods: Readonly<Record<string, Method<never, object>>> }>

/** The service of that name, whose methods have the types of its definition. */
export const grpcService = <Definition>(name: string, methods: Methods<Definition>): GrpcService => ({
  name,
  methods: methods as GrpcService['methods'],
})
