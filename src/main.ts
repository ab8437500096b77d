import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

// What was compiled once is not compiled again at the next start, where the folder can be written.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url)))

const { run } = await import('./main/run.ts')
process.exitCode = await run(process.argv.slice(2), process.env)
