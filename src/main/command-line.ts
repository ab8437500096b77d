import { parseArgs } from 'node:util'
import { WrongUsage } from './wrong-usage.ts'

export const USAGE = `Usage: node src/main.ts [command]

  serve                                   run the service (default)
  migrate                                 apply pending migrations
  seed                                    write sample users, posts and comments
  token <username> [--role super_admin]   print a token of the development issuer`

export type Command =
  | Readonly<{ name: 'serve' | 'migrate' | 'seed' }>
  | Readonly<{ name: 'token'; username: string; roles: readonly string[] }>

/** @throws {WrongUsage} */
export function parseCommandLine(words: readonly string[]): Command {
  const { positionals, roles } = parseWords(words)
  const [name = 'serve', ...rest] = positionals

  switch (name) {
    case 'serve':
    case 'migrate':
    case 'seed':
      if (rest.length > 0 || roles.length > 0) throw new WrongUsage(`${name} takes nothing more`)
      return { name }
    case 'token':
      return { name, username: oneUsername(rest), roles: roles.map(knownRole) }
    default:
      throw new WrongUsage('there is no such command')
  }
}

function parseWords(words: readonly string[]) {
  try {
    const options = { role: { type: 'string', multiple: true } } as const
    const { positionals, values } = parseArgs({ args: [...words], options, allowPositionals: true })
    return { positionals, roles: values.role ?? [] }
  } catch (error) {
    throw new WrongUsage(error instanceof Error ? error.message : 'the command line cannot be read')
  }
}

function oneUsername(rest: readonly string[]): string {
  const [username, ...more] = rest
  if (username === undefined || more.length > 0) throw new WrongUsage('token takes one username')
  if (!/^\S.{0,63}$/u.test(username)) throw new WrongUsage('a username has 1 to 64 characters')
  return username
}

function knownRole(role: string): string {
  if (role !== 'super_admin') throw new WrongUsage('the only role is super_admin')
  return role
}
