/** The commands of the guide to backups, run as they stand there. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { PRODUCT } from '../../src/patterns/product.ts'
import { openCheckout } from '../kit/checkout.ts'
import { clientOf } from '../kit/client.ts'
import { skipWithout } from '../kit/engines.ts'
import { freshDatabase } from '../kit/fresh-database.ts'
import { INHERITED } from '../kit/inherited.ts'
import { createPeople } from '../kit/people.ts'
import { startService } from '../kit/service.ts'
import { startTestIssuer } from '../kit/test-issuer.ts'

const [, GUIDE = ''] = readFileSync(new URL('../../docs/operating.md', import.meta.url), 'utf8').split('\n## Backups\n')
const [BACK_UP_SQLITE = '', RESTORE_SQLITE = '', BACK_UP_POSTGRES = '', RESTORE_POSTGRES = ''] = [
  ...GUIDE.matchAll(/^```sh\n(.*?)^```$/gms),
].flatMap(([, block = '']) => block.trim().split('\n'))

describe('a backup that is taken while the service runs', () => {
  it('restores what SQLite had then', { skip: skipWithout('sqlite') }, () => {
    const url = `sqlite:./data/${PRODUCT.service}.db`
    return assertRestores({ url, restoredUrl: url, backUp: BACK_UP_SQLITE, restore: RESTORE_SQLITE })
  })

  it('restores what PostgreSQL had then, into an empty database', { skip: skipWithout('postgres') }, async () => {
    const [old, empty] = await Promise.all([freshDatabase(), freshDatabase()])
    try {
      const urls = { url: old.url, restoredUrl: empty.url }
      await assertRestores({ ...urls, backUp: BACK_UP_POSTGRES, restore: RESTORE_POSTGRES })
    } finally {
      await Promise.all([old.drop(), empty.drop()])
    }
  })
})

type Backup = Readonly<{ url: string; restoredUrl: string; backUp: string; restore: string }>

async function assertRestores({ url, restoredUrl, backUp, restore }: Backup): Promise<void> {
  await using place = await openCheckout()
  await using issuer = await startTestIssuer()
  const { alice } = await createPeople(issuer)
  const start = (database: string) =>
    startService({ directory: place.directory, env: { DATABASE_URL: database, OIDC_ISSUER: issuer.issuer } })

  async function write(text: string): Promise<string> {
    const { body } = await clientOf(service)(alice, 'POST', '/v1/posts', { body: { text } })
    return body.id
  }

  function run(command: string, database: string): void {
    const env = { ...INHERITED, DATABASE_URL: database }
    const { status, stderr } = spawnSync('bash', ['-c', command], { cwd: place.directory, env, encoding: 'utf8' })
    assert.equal(status, 0, `${command}\n${stderr}`)
  }

  await using service = await start(url)
  const kept = await write('Written before the backup.')
  run(backUp, url)
  const lost = await write('Written after the backup.')
  assert.equal(await service.stop(), 0)
  run(restore, restoredUrl)

  await using restored = await start(restoredUrl)
  const call = clientOf(restored)
  const { body } = await call(alice, 'GET', `/v1/posts/${kept}`)
  assert.equal(body.text, 'Written before the backup.')
  assert.equal((await call(alice, 'GET', `/v1/posts/${lost}`)).status, 404)
  const again = await call(alice, 'POST', '/v1/posts', { body: { text: 'It goes on.' } })
  assert.equal(again.status, 201)
}
