/** The service, which says in its last line what holds the process once it has stopped: the kinds of resources, as JSON. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { run } from '../../src/main/run.ts'

process.exitCode = await run(['serve'], process.env)
await nextTurn() // in which closes what was closed
process.stdout.write(`\n${JSON.stringify(process.getActiveResourcesInfo())}\n`)
