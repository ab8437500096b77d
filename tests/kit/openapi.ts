import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'

type Example = Readonly<{ value: unknown }>
type Media = Readonly<{ schema: object; example?: unknown; examples?: Readonly<Record<string, Example>> }>
type Content = Readonly<Record<string, Media>>

type Flow = Readonly<{ authorizationUrl: string; tokenUrl: string; scopes: object }>
type SecurityScheme = Readonly<{ type: string; scheme?: string; flows?: Readonly<{ authorizationCode: Flow }> }>

export type Operation = Readonly<{
  operationId: string
  summary: string
  tags: readonly string[]
  security: readonly Readonly<Record<string, readonly string[]>>[]
  parameters?: readonly Readonly<{ name: string; in: string; required: boolean }>[]
  requestBody?: Readonly<{ content: Content }>
  responses: Readonly<Record<string, Readonly<{ description: string; headers: object; content?: Content }>>>
}>

export type Document = Readonly<{
  openapi: string
  paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  components: Readonly<{
    schemas: Readonly<Record<string, object>>
    headers: Readonly<Record<string, object>>
    securitySchemes: Readonly<Record<string, SecurityScheme>>
  }>
}>

/** Every operation of a document, as `get /v1/posts`. */
export const operationsOf = ({ paths }: Document): ReadonlyMap<string, Operation> =>
  new Map(
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => [`${method} ${path}`, operation] as const),
    ),
  )

/** Every content of an operation, each under a name for people. */
export const contentsOf = ({ requestBody, responses }: Operation): ReadonlyMap<string, Media> =>
  new Map(
    [['request', requestBody] as const, ...Object.entries(responses)].flatMap(([name, { content = {} } = {}]) =>
      Object.entries(content).map(([type, media]) => [`${name} ${type}`, media] as const),
    ),
  )

/** The examples of a content, wherever the format lets them be. */
export const examplesOf = ({ example, examples = {} }: Media): readonly unknown[] => [
  ...(example === undefined ? [] : [example]),
  ...Object.values(examples).map(({ value }) => value),
]

/** Says what is wrong with an example by the schema of its content; nothing when it fits. */
export function exampleProver({ components }: Document) {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  formats.default(ajv)
  return ({ schema }: Media, example: unknown): string => {
    const fits = ajv.compile({ ...schema, components })
    return fits(example) ? '' : `${ajv.errorsText(fits.errors)} in ${JSON.stringify(example)}`
  }
}
