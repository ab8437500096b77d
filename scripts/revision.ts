import { parseArgs } from 'node:util'

const USAGE = `Usage: npm run db:revision -- <name>            an empty migration for each database, to fill by hand
       npm run db:revision -- <name> --auto     from the difference between the models and the migrations
       npm run check:migrations                 fails when models and migrations differ

<name> has letters a-z, digits, - and _, and begins with a letter or digit.`

const options = {
  auto: { type: 'boolean' },
  check: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

function misused(complaint: string): never {
  console.error(`${complaint}\n\n${USAGE}`)
  process.exit(2)
}

function parsed() {
  try {
    return parseArgs({ options, allowPositionals: true })
  } catch (error) {
    return misused((error as Error).message)
  }
}

/** Loads what it needs late: the usage needs nothing. */
async function check(): Promise<void> {
  const { migrationProblems } = await import('./revision/check.ts')
  const problems = await migrationProblems()
  if (problems.length > 0) throw new Error(problems.join('\n'))
  console.log('Models and migrations agree.')
}

const { positionals, values } = parsed()
const [name, ...rest] = positionals

try {
  if (values.help) console.log(USAGE)
  else if (values.check && (values.auto || name !== undefined)) misused('--check stands alone.')
  else if (values.check) await check()
  else if (name === undefined || rest.length > 0) misused('One name is needed.')
  else if (!/^[a-z0-9][a-z0-9_-]*$/.test(name)) misused(`'${name}' is no name for a migration.`)
  else (await import('./revision/revise.ts')).revise(name, values.auto ? 'difference' : 'empty')
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
