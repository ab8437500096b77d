import { UserId } from '../../domains/entities/user.ts'
import type { Store } from '../../domains/ports/store.ts'
import { registerUser } from '../../domains/usecases/users/register-user.ts'
import { FORUM } from '../../infrastructures/store/aggregates/forum.ts'
import { createStore } from '../../infrastructures/store/create-store.ts'
import { openStore } from '../../infrastructures/store/open-store.ts'
import type { Logger } from '../../infrastructures/telemetry/logger.ts'
import { WrongUsage } from '../command-line.ts'
import type { Config } from '../config.ts'
import { loadIssuer } from '../development.ts'
import { PEOPLE } from '../module.ts'
import { SEEDS } from '../modules.ts'

/** Writes sample people, and what each module has of them. Repeatable: what is there already stays as it is. */
export async function seed(config: Config, logger: Logger): Promise<void> {
  if (config.environment === 'production') throw new WrongUsage('seed: samples are not written in production')
  const { migrates, poolSize } = config
  const driver = await openStore(config.store, {
    aggregates: FORUM.aggregates,
    migrates,
    poolSize,
    onIdleError: () => {},
  })
  try {
    await writeSamples(createStore(driver, FORUM), config, new Date())
  } finally {
    await driver.close()
  }
  logger.info(`the samples are there, of ${PEOPLE.join(', ')}`)
}

async function writeSamples(store: Store, config: Config, at: Date): Promise<void> {
  const { identityOf } = await loadIssuer(config)
  const idOf = (username: string) => UserId.parse(identityOf(username, []).sub)

  for (const username of PEOPLE) {
    const { name, email } = identityOf(username, [])
    const profile = { username, fullName: name, email }
    await store.transact((uow) => registerUser(uow, { id: idOf(username), profile, at }))
  }
  for (const seedModule of SEEDS) await seedModule({ store, at, idOf })
}
