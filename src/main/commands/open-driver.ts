import { FORUM } from '../../infrastructures/store/aggregates/forum.ts'
import { openStore } from '../../infrastructures/store/open-store.ts'
import type { Config } from '../config.ts'

/** Opens the database for a command that ends: a connection that is lost meanwhile fails the command by itself. */
export const openDriver = ({ store, migrates, poolSize }: Pick<Config, 'store' | 'migrates' | 'poolSize'>) =>
  openStore(store, { aggregates: FORUM.aggregates, migrates, poolSize, onIdleError: () => {} })
