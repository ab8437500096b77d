import { UserId } from '../../domains/entities/user.ts'
import type { Store } from '../../domains/ports/store.ts'
import { registerUser } from '../../domains/usecases/users/register-user.ts'
import { FORUM } from '../../infrastructures/store/aggregates/forum.ts'
import { createStore } from '../../infrastructures/store/create-store.ts'
import type { Logger } from '../../infrastructures/telemetry/logger.ts'
import { UsageError } from '../command-line.ts'
import type { Config } from '../config.ts'
import { loadIssuer } from '../development.ts'
import { SAMPLE_USERS } from '../module.ts'
import { SEEDS } from '../modules.ts'
import { openDriver } from './open-driver.ts'

/** Writes sample users, and the sample data of each module. Repeatable: existing rows stay as they are. */
export async function seed(config: Config, logger: Logger): Promise<void> {
  if (config.environment === 'production') throw new UsageError('seed: samples are not written in production')
  const driver = await openDriver(config)
  try {
    await writeSamples(createStore(driver, FORUM), config, new Date())
  } finally {
    await driver.close()
  }
  logger.info(`the database has the sample data of ${SAMPLE_USERS.join(', ')}`)
}

async function writeSamples(store: Store, config: Config, at: Date): Promise<void> {
  const { accountClaims } = await loadIssuer(config)
  const idOf = (username: string) => UserId.parse(accountClaims(username, []).sub)

  for (const username of SAMPLE_USERS) {
    const { name, email } = accountClaims(username, [])
    const profile = { username, fullName: name, email }
    await store.transact((uow) => registerUser(uow, { id: idOf(username), profile, at }))
  }
  for (const seedModule of SEEDS) await seedModule({ store, at, idOf })
}
