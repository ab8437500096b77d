import { describe, it } from 'node:test'
import { ownEngine, skipWithoutOwn } from '../kit/own-engine.ts'
import { killUnderLoad } from './kit/kill-under-load.ts'
import { mariadbAt, mongodbAt, postgresAt } from './kit/stores.ts'

for (const [product, engine, at, options] of [
  ['a PostgreSQL server', 'postgres', postgresAt, {}],
  ['a MariaDB server', 'mariadb', mariadbAt, {}],
  ['a MySQL server', 'mysql', mariadbAt, {}],
  ['a server of MongoDB’s protocol', 'mongodb', mongodbAt, { MONGODB_OPTIONS: '--sync-on-commit' }],
] as const)
  describe(`${product} that is killed under load`, { skip: skipWithoutOwn(engine) }, () => {
    it('takes no service with it, and nothing that was acknowledged', async (test) => {
      await using server = await ownEngine(engine, options)
      await killUnderLoad(test, product, server, at)
    })
  })
