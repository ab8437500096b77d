import type { AddressInfo } from 'node:net'
import { createHttpServer } from '../../../src/controllers/http/server.ts'
import { createOidcIdentityProvider } from '../../../src/infrastructures/authentication/oidc/identity-provider.ts'
import { noCache } from '../../../src/infrastructures/cache/none/no-cache.ts'
import type { StoreDriver } from '../../../src/infrastructures/store/driver.ts'
import { TransientConflict } from '../../../src/infrastructures/store/store-errors.ts'
import { createStore } from '../../kit/forum-store.ts'
import { modulesOver } from '../../kit/http.ts'
import type { TestIssuer } from '../../kit/test-issuer.ts'

const ALGORITHMS = ['RS256']

/** The service within this process, on a store that gives way to others whenever `givesWay` says so. */
export async function startContendedService(
  { issuer, audience }: TestIssuer,
  inner: StoreDriver,
  givesWay: () => boolean,
) {
  const attempts: number[] = []
  const driver: StoreDriver = {
    ...inner,
    async commit(changes) {
      attempts.push(performance.now())
      if (givesWay()) throw new TransientConflict()
      await inner.commit(changes)
    },
  }
  const http = await createHttpServer({
    modules: modulesOver(createStore(driver)).http,
    identity: createOidcIdentityProvider({ issuer, audiences: [audience], algorithms: () => ALGORITHMS }),
    corsOrigins: null,
    rateLimit: () => null,
    count: noCache().count,
    rawHandlers: [],
    log: () => {},
  })
  await http.listen({ host: '127.0.0.1', port: 0 })
  return {
    url: `http://127.0.0.1:${(http.server.address() as AddressInfo).port}`,
    /** When each commit was tried. */
    attempts,
    async [Symbol.asyncDispose](): Promise<void> {
      await http.close()
      await inner.close()
    },
  }
}
