/**
 * Calls a method of the gRPC interface with a token of the development issuer, and prints the response as JSON.
 *   npm run grpc -- forum.v1.PostService/CreatePost '{"text":"Hello."}'
 *   npm run grpc -- forum.v1.NotificationService/WatchNotifications --as bob
 */
import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import { loadErrorModel, loadInterface, messageOf } from '../src/controllers/grpc/definitions.ts'
import { chooseTarget } from '../src/main/commands/token.ts'
import { readEnvironment, type Variables } from '../src/main/config/env.ts'
import { type Config, readConfig } from '../src/main/config.ts'
import { developmentToken } from '../src/main/development.ts'
import { messageFromJson, messageToJson } from './grpc/json.ts'

const USAGE = `Usage: npm run grpc -- <service>/<method> [<request as JSON>] [--as <username>] [--role super_admin]
  npm run grpc -- forum.v1.PostService/CreatePost '{"text":"Hello."}'`

const METHODS = Object.entries(loadInterface()).flatMap(([service, definition]) =>
  'format' in definition
    ? []
    : Object.entries(definition).map(([name, method]) => [`${service}/${name}`, method] as const),
)

function misused(complaint: string): never {
  console.error(`${complaint}\n\n${USAGE}\n\nThere are:\n${METHODS.map(([name]) => `  ${name}`).join('\n')}`)
  process.exit(2)
}

function parsed() {
  const options = { as: { type: 'string', default: 'alice' }, role: { type: 'string', multiple: true } } as const
  try {
    const { positionals, values } = parseArgs({ options, allowPositionals: true })
    const [name = '', json = '{}', ...rest] = positionals
    if (rest.length > 0) throw new Error('One method and one request are needed.')
    return { name, request: messageFromJson(JSON.parse(json)) as object, as: values.as, roles: values.role ?? [] }
  } catch (error) {
    return misused((error as Error).message)
  }
}

async function authorization(config: Config, given: Variables, username: string, roles: readonly string[]) {
  const metadata = new Metadata()
  const target = await chooseTarget(config, given)
  metadata.set('authorization', `Bearer ${await developmentToken(config, username, roles, target)}`)
  return metadata
}

/** Why a call failed: the status, the reason, what is wrong with which field. */
function explain({ code, details, metadata }: ServiceError): string {
  const model = loadErrorModel()
  const [bytes] = metadata.get('grpc-status-details-bin')
  const read = (type: string, value: Buffer) => messageOf(model, type).deserialize(value)
  const reasons = bytes === undefined ? [] : (read('google.rpc.Status', bytes as Buffer) as StatusDetails).details
  const lines = reasons.map(({ type_url: url, value }) => JSON.stringify(read(url.split('/').pop() ?? '', value)))
  const hint = code === status.UNAVAILABLE ? ['Does the service run, and is GRPC_PORT its port?'] : []
  return [`${status[code]}: ${details}`, ...lines, ...hint].join('\n')
}

type StatusDetails = Readonly<{ details: readonly Readonly<{ type_url: string; value: Buffer }>[] }>

const print = (message: object): void => console.log(JSON.stringify(messageToJson(message), null, 2))

async function call({ path, requestSerialize, responseDeserialize, responseStream }: MethodDefinition<object, object>) {
  const environment = readEnvironment(process.env, '.env')
  const config = readConfig(environment, true)
  if (config.grpcPort === null) throw new Error('GRPC_PORT is off')
  const metadata = await authorization(config, environment, as, roles)
  const client = new Client(`127.0.0.1:${config.grpcPort}`, credentials.createInsecure())
  const write = requestSerialize as (request: object) => Buffer
  if (responseStream) {
    const stream = client.makeServerStreamRequest(path, write, responseDeserialize, request, metadata).on('data', print)
    await once(stream, 'end')
  } else {
    const { promise, resolve, reject } = Promise.withResolvers<object>()
    const done = (error: ServiceError | null, answer?: object) => (error ? reject(error) : resolve(answer ?? {}))
    client.makeUnaryRequest(path, write, responseDeserialize, request, metadata, done)
    print(await promise)
  }
  client.close()
}

const { name, request, as, roles } = parsed()
const [, method] =
  METHODS.find(([known]) => known === name) ?? misused(name === '' ? 'Name a method.' : `There is no method ${name}.`)
await call(method).catch((error) => {
  console.error('metadata' in error ? explain(error) : error.message)
  process.exit(1)
})
