import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

type Values = Readonly<Record<string, string | null>>

export type ComposeService = Readonly<{
  image?: string
  build?: string
  command?: readonly string[]
  profiles?: readonly string[]
  depends_on?: Readonly<Record<string, Readonly<{ condition: string }>>>
  environment?: Values
  ports?: readonly string[]
  networks?: readonly string[]
  volumes?: readonly string[]
  healthcheck?: Readonly<{ test?: readonly string[]; disable?: boolean }>
  restart?: string
}>

export type ComposeFile = Readonly<{
  name: string
  services: Readonly<Record<string, ComposeService>>
  networks?: Readonly<Record<string, unknown>>
  volumes?: Readonly<Record<string, unknown>>
}>

const ROOT = new URL('../../', import.meta.url)

export const readText = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8')

/** A file of Docker Compose, its anchors and merges resolved, and its variables if there are any to put in their places. */
export function readCompose(path: string, variables?: Values): ComposeFile {
  const text = readText(path)
  return parse(variables === undefined ? text : interpolate(text.replaceAll(/^ *#.*$/gm, ''), variables), {
    merge: true,
  })
}

/** `$${`, `${NAME}`, `${NAME:-other}`, `${NAME:?why}`: the innermost first, as Docker Compose does. @throws where one is missing */
export function interpolate(text: string, variables: Values): string {
  const done = text.replaceAll(/(?<!\$)\$\{([A-Z_]+)(?::([-?])([^{}]*))?\}/g, (_all, name: string, kind, rest = '') => {
    const value = variables[name]
    if (value) return value
    if (kind === '-') return rest
    throw new Error(`${name} is not defined`)
  })
  return done === text ? text.replaceAll('$$', '$') : interpolate(done, variables)
}
