// Runs its arguments with the Node.js that npm installed for this machine. `node_modules/.bin/node` would be the same,
// but npm before 11 removes that link (npm/cli#4362). Where that Node.js cannot run (Alpine has no glibc for it), the
// current one runs them. Plain JavaScript, so that any version of Node.js can run this file.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'

/** The first that strips types by itself and knows `await using`. */
const OLDEST_MAJOR = 24

const { platform, arch, argv, execPath, versions } = process
const names = [`node-${platform === 'win32' ? 'win' : platform}-${arch}`, `node-bin-${platform}-${arch}`]
const files = names.map((name) => fileURLToPath(new URL(`../node_modules/${name}/bin/node`, import.meta.url)))
const installed = files.flatMap((file) => [file, `${file}.exe`]).find(existsSync)
const node = installed !== undefined && canRun(installed) ? installed : nodeAtHand()

/** Checked at each start (5 ms): node_modules may be mounted on a system where it cannot run, and a failed execve aborts. */
function canRun(file) {
  const { status, stdout } = spawnSync(file, ['--version'], { encoding: 'utf8', timeout: 10_000 })
  return status === 0 && stdout.startsWith('v')
}

function nodeAtHand() {
  if (Number.parseInt(versions.node, 10) >= OLDEST_MAJOR) return execPath
  const reason =
    installed === undefined ? 'npm installed no Node.js for' : 'the Node.js that npm installed cannot run on'
  console.error(`This needs Node.js ${OLDEST_MAJOR} or later: ${reason} this machine, and yours is ${versions.node}.`)
  process.exit(1)
}

// All programs that start here share one compile cache.
const compiled = fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url))
const env = { NODE_COMPILE_CACHE: compiled, ...process.env }

// Replaces this process where Node.js and the system can (execve); otherwise starts a child and passes signals on.
if (process.execve && platform !== 'win32') process.execve(node, [node, ...argv.slice(2)], env)

const child = spawn(node, argv.slice(2), { stdio: 'inherit', env })
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2']
for (const signal of signals) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]))
