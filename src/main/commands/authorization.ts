import type { Difference } from '../../domains/ports/permission-mirror.ts'
import { rebuildPermissions } from '../../domains/services/permission-rebuild.ts'
import { createPermissionSync } from '../../domains/services/permission-sync.ts'
import {
  type EngineChoice,
  migrateAuthorization,
  openAuthorization,
} from '../../infrastructures/authorization/open-authorization.ts'
import { FORUM } from '../../infrastructures/store/aggregates/forum.ts'
import { createStore } from '../../infrastructures/store/create-store.ts'
import { UsageError } from '../command-line.ts'
import type { Config } from '../config.ts'
import { PERMISSION_SOURCES } from '../modules.ts'
import { withSetting } from '../server-names.ts'
import { Differs } from './differs.ts'
import { openDriver } from './open-driver.ts'

/** Creates store and model of the engine if they are missing, and prints their ids. */
export async function migrateEngine({ authorization: { choice, token } }: Config): Promise<void> {
  const engine = engineIn(choice)
  const { store, model } = await withSetting('AUTHORIZATION_URL', engine, () => migrateAuthorization(engine, { token }))
  const address = engine.url.replace(/^http/, 'openfga')
  print(`store ${store}`)
  print(`model ${model}`)
  print(`AUTHORIZATION_URL=${address}?store=${store}&model=${model}`)
}

/** Updates all permissions in the engine from the store, or only prints the differences. */
export async function rebuildEngine(config: Config, checks: boolean): Promise<void> {
  const { choice, token } = config.authorization
  const engine = engineIn(choice)
  if (config.store.kind === 'memory')
    throw new UsageError('authorization-rebuild: DATABASE_URL=memory: has nothing to compare')
  const driver = await openDriver(config)
  try {
    const { mirror } = await withSetting('AUTHORIZATION_URL', engine, () => openAuthorization(engine, { token }))
    if (mirror === null) return
    const needs = { store: createStore(driver, FORUM), mirror, sources: PERMISSION_SOURCES }
    const found: Difference[] = []
    const onDifference = (difference: Difference) => {
      found.push(difference)
      print(`${difference.kind}: ${difference.permission}`)
    }
    const sync = createPermissionSync(needs)
    const compared = await rebuildPermissions({ ...needs, sync }, { repairs: !checks, onDifference })
    const summary = `${found.length} differences, ${compared} things compared`
    if (checks && found.length > 0) throw new Differs(`${summary}: npm run authorization:rebuild repairs them`)
    print(found.length > 0 ? `${summary}: repaired` : summary)
  } finally {
    await driver.close()
  }
}

function engineIn(choice: Config['authorization']['choice']): EngineChoice {
  if (choice.kind === 'builtin') throw new UsageError('AUTHORIZATION_URL names no engine, such as openfga://<host>')
  return choice
}

const print = (line: string): boolean => process.stdout.write(`${line}\n`)
