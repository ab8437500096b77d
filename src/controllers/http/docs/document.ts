import { STATUS_CODES } from 'node:http'
import swagger from '@fastify/swagger'
import type { FastifyInstance, FastifySchema } from 'fastify'
import { PRODUCT } from '../../../patterns/product.ts'
import type { PublicBase } from '../client/public-base.ts'
import { CODES, PROBLEM_TYPE } from '../problem.ts'
import type { HttpModule } from '../routes.ts'
import { shareTitledSchemas } from './components.ts'
import { withDocumented } from './documented.ts'
import { HEADERS, headersOf } from './response-headers.ts'
import { OTHER_SCHEMES, SECURITY, type SignInAddresses, securitySchemes } from './sign-in.ts'

type Media = { schema?: { properties?: Record<string, unknown> }; examples?: object }
type ResponseObject = { description: string; content?: Record<string, Media> }
type Schemas = Readonly<Record<string, { properties?: Readonly<Record<string, object>> }>>
type Operation = { responses: Record<string, ResponseObject>; security?: unknown }
type Document = Readonly<{ info?: unknown; paths?: unknown; components?: unknown }>

const DESCRIPTION = `Users write posts, and comments on posts.

Every request needs an access token: press **Authorize** on the page [/docs](/docs) to get one. Errors are problem documents
(RFC 9457); the \`code\` of an error is stable. To change or delete only the version that you have read, send its \`ETag\` in
\`If-Match\`. Lists are read page by page: pass \`nextCursor\` as \`cursor\`.`

/** Describes all routes with a tag that are added from now on, from the schemas that they are validated by. */
export async function describeRoutes(
  http: FastifyInstance,
  version: string,
  modules: readonly HttpModule[],
): Promise<void> {
  await http.register(swagger, {
    hideUntagged: true,
    transform: ({ schema, url }) => ({ schema: withDocumented(schema) as FastifySchema, url }),
    openapi: {
      openapi: '3.1.0',
      info: { title: PRODUCT.title, version, license: { name: 'MIT', identifier: 'MIT' } },
      tags: modules.map(({ tag }) => ({ ...tag })),
      components: { securitySchemes: OTHER_SCHEMES },
    },
    transformObject: (document) => ('openapiObject' in document ? complete(document.openapiObject) : {}),
  })
}

/** The document with the addresses of the issuer, and the base URL under which its reader reaches this service. */
export const withAddresses = (document: Document, addresses: SignInAddresses, { url, path }: PublicBase) => ({
  ...document,
  info: { ...(document.info as object), description: DESCRIPTION.replace('](/', () => `](${path}/`) },
  servers: [{ url: url === '' ? '/' : url }],
  components: { ...(document.components as object), securitySchemes: securitySchemes(addresses) },
})

/** Adds what holds for all operations alike. */
function complete<Described extends Document>(document: Described): Described {
  const operations = Object.values(document.paths ?? {}).flatMap((path) => Object.values(path as object))
  for (const operation of operations) completeOperation(operation as Operation)
  const { paths, schemas } = shareTitledSchemas(document.paths as Record<string, unknown>)
  const codes = [...new Set([...Object.keys(CODES), ...operations.flatMap(codesOf)])]
  return { ...document, paths, components: { schemas: withCodes(schemas as Schemas, codes), headers: HEADERS } }
}

/** The codes of which the operation has examples. */
const codesOf = ({ responses }: Operation): readonly string[] =>
  Object.values(responses).flatMap(({ content }) => Object.keys(content?.[PROBLEM_TYPE]?.examples ?? {}))

/** Which codes there are depends on the modules: only the document knows all of them. */
function withCodes(schemas: Schemas, codes: readonly string[]): Schemas {
  const { Problem: problem } = schemas
  const properties = { ...problem?.properties, code: { ...problem?.properties?.['code'], enum: codes } }
  return { ...schemas, Problem: { ...problem, properties } }
}

function completeOperation(operation: Operation): void {
  operation.security ??= SECURITY
  for (const [status, response] of Object.entries(operation.responses)) {
    const { properties = {} } = response.content?.['application/json']?.schema ?? {}
    const isUndescribed = response.description === 'Default Response'
    if (isUndescribed) response.description = STATUS_CODES[status] ?? status
    Object.assign(response, { headers: headersOf(status, properties) })
  }
}
