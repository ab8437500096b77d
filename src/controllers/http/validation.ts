import { Ajv, type ErrorObject } from 'ajv'
import formats from 'ajv-formats'
import type { FastifySchemaCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import { HttpError } from './http-error.ts'
import type { FieldError } from './problem.ts'

/** A response lists at most so many errors. */
const MAX_ERRORS = 20

/** Nothing is coerced, filled in or dropped: what does not fit is refused. */
const ajv = new Ajv({ allErrors: true, coerceTypes: false, useDefaults: false, removeAdditional: false })
formats.default(ajv)
ajv.addKeyword('documented')

/** The validators of all parts of a request: the query is text, read as what the schema expects. */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const validate = ajv.compile(schema)
  const read = httpPart === 'querystring' ? readerOf(schema) : (value: unknown) => value

  return (input) => {
    const value = read(input)
    if (validate(value)) return { value }
    return { error: new HttpError('validation-failed', undefined, { errors: fieldErrors(validate.errors ?? []) }) }
  }
}

/** Reads the integers and booleans of a query where they are written in their canonical form. */
function readerOf(schema: TSchema & { properties?: Record<string, { type?: string }> }) {
  const typeOf = (name: string) => schema.properties?.[name]?.type

  return (input: unknown): unknown =>
    Object.fromEntries(Object.entries(input ?? {}).map(([name, value]) => [name, readValue(typeOf(name), value)]))
}

function readValue(type: string | undefined, value: unknown): unknown {
  if (type === 'integer' && typeof value === 'string' && /^(0|-?[1-9]\d{0,8})$/.test(value)) return Number(value)
  if (type === 'boolean' && (value === 'true' || value === 'false')) return value === 'true'
  return value
}

function fieldErrors(errors: readonly ErrorObject[]): readonly FieldError[] {
  return errors.slice(0, MAX_ERRORS).map(({ instancePath, keyword, params, message }) => {
    const name = params['missingProperty'] ?? params['additionalProperty']
    const pointer = name === undefined ? instancePath : `${instancePath}/${escaped(String(name))}`
    return { pointer, message: keyword === 'additionalProperties' ? 'is not known here' : readable(keyword, message) }
  })
}

const readable = (keyword: string, message = 'is not valid'): string =>
  keyword === 'required' ? 'is required' : message

/** RFC 6901, section 3. */
const escaped = (name: string): string => name.slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1')
