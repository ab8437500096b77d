import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readConfig } from '../../src/main/config.ts'
import { misspeltIn, watchReads } from '../../src/main/misspelt.ts'

/** What the settings that the service really reads make of a name. */
function meantBy(name: string): string | null {
  const environment = watchReads({ [name]: 'x' })
  readConfig(environment.variables, false)
  return misspeltIn(environment)[0]?.meant ?? null
}

describe('a variable that is no setting', () => {
  for (const [name, meant] of [
    ['HTTP_PROT', 'HTTP_PORT'],
    ['HTTPPORT', 'HTTP_PORT'],
    ['HTTP_PORTS', 'HTTP_PORT'],
    ['HTTP_PXRT', 'HTTP_PORT'],
    ['DATABSE_URL', 'DATABASE_URL'],
    ['DATBASE_ULR', 'DATABASE_URL'],
    ['QUEUE_URI', 'QUEUE_URL'],
    ['OIDC_ISUER', 'OIDC_ISSUER'],
    ['SHUTDOWN_TIME_OUT', 'SHUTDOWN_TIMEOUT'],
  ] as const) {
    it(`is a slip: ${name}`, () => assert.equal(meantBy(name), meant))
  }

  for (const name of [
    'HTTP_PROXY',
    'HTTPS_PROXY',
    'PATH',
    'CACHE_TTL',
    'QUEUE_UID',
    'LOGNAME',
    'HOST',
    'DATABASE_NAME',
  ]) {
    it(`is another program's: ${name}`, () => assert.equal(meantBy(name), null))
  }

  it('is never a setting itself', () => {
    const environment = watchReads({ HTTP_PORT: '8080', HTTP_HOST: 'localhost' })
    readConfig(environment.variables, false)
    assert.deepEqual(misspeltIn(environment), [])
  })
})
