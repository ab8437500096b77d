import { type SettingValues, UnusableSource } from '../settings-source.ts'
import { parseEnvFile } from './env-file.ts'

/** The formats of a file, by its extension. */
export const SETTINGS_FILE = /\.(json|ya?ml|env)$/

/**
 * The settings in the bytes of a file: JSON or YAML, one object with their names, or lines such as those of `.env`.
 *
 * @throws {UnusableSource} with the reason, without the content
 */
export async function parseSettingsFile(path: string, bytes: Uint8Array): Promise<SettingValues> {
  const [, ending = 'env'] = SETTINGS_FILE.exec(path) ?? []
  if (ending === 'env') return parseLines(bytes)
  const text = new TextDecoder().decode(bytes)
  return valuesOf(ending === 'json' ? parseJson(text) : await parseYaml(text))
}

function parseLines(bytes: Uint8Array): SettingValues {
  try {
    return parseEnvFile(bytes)
  } catch (error) {
    throw new UnusableSource(`the file ${(error as Error).message}`)
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new UnusableSource('the file is not valid JSON')
  }
}

/** Every scalar stays the text of the file: `2` is not read as a number, nor `no` as a boolean. */
async function parseYaml(text: string): Promise<unknown> {
  const { parseDocument } = await import('yaml')
  const document = parseDocument(text, { schema: 'failsafe', prettyErrors: true })
  const [error] = [...document.errors, ...document.warnings]
  if (error !== undefined)
    throw new UnusableSource(`the file is not valid YAML in line ${error.linePos?.[0].line ?? 1}`)
  try {
    return document.toJS()
  } catch {
    throw new UnusableSource('the file has YAML aliases of nothing, or too many')
  }
}

const SCALAR = /^(?:string|number|boolean)$/

function valuesOf(document: unknown): SettingValues {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    throw new UnusableSource('the file must be an object of names and values')
  }
  return Object.fromEntries(Object.entries(document).map(([name, value]) => [name, textOf(name, value)]))
}

function textOf(name: string, value: unknown): string {
  const parts: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (parts.every((part) => SCALAR.test(typeof part))) return parts.join(',')
  throw new UnusableSource(`${name} must be a text, a number, true, false or a list of them`)
}
