import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, it } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { PRODUCT } from '../../src/patterns/product.ts'
import { freshDirectory, runCommand, until } from '../kit/command.ts'
import { startService } from '../kit/service.ts'

describe('the service on a terminal', () => {
  it('says what is configured and what to open next, then one line for each request', async () => {
    await using place = await freshDirectory()
    await using service = await startService({
      directory: place.directory,
      env: { LOG_FORMAT: 'pretty', DATABASE_ULR: 'memory:' },
    })
    const { port } = new URL(service.url)
    const { stdout } = await runCommand(['token', 'alice'], { directory: place.directory, env: { HTTP_PORT: port } })
    const headers = { authorization: `Bearer ${stdout.trim()}`, 'content-type': 'application/json' }

    await fetch(`${service.url}/docs`)
    await fetch(`${service.url}/v1/posts`, { method: 'POST', headers, body: '{"text":"Hello."}' })
    await until('it says so', () => service.logs().includes('POST'))

    const lines = stripVTControlCharacters(service.logs()).trimEnd().split('\n')
    const clock = '[0-2]\\d:[0-5]\\d:[0-5]\\d'
    assert.match(
      lines[0] ?? '',
      new RegExp(`^${clock} WARN DATABASE_ULR is not a setting: did you mean DATABASE_URL\\?$`),
    )
    assert.match(lines[1] ?? '', new RegExp(`^${clock} ${PRODUCT.service} \\S+ is ready \\(development\\)$`))
    assert.match(lines.at(-2) ?? '', new RegExp(`^${clock} open ${service.url}/ in a browser, or get a token: `))
    assert.match(lines.at(-1) ?? '', new RegExp(`^${clock} POST /v1/posts 201 \\d+\\.\\d ms alice$`))
  })
  it('says each warning in one line, and its cause once', () => {
    const logger = new URL('../../src/infrastructures/telemetry/logger.ts', import.meta.url)
    const program = `const { createLogger } = await import(${JSON.stringify(logger.href)})
      const logger = await createLogger({ level: 'info', format: 'pretty', service: 'a', version: '1' })
      logger.warn({ 'error.message': 'no route' }, 'the cache is away: no route')
      logger.error({ 'error.message': 'no route' }, 'the cache is away')`
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' })

    const lines = stdout.trimEnd().split('\n')
    assert.deepEqual(
      lines.map((line) => line.replace(/^\S+ /, '')),
      ['WARN the cache is away: no route', 'ERROR the cache is away: no route'],
    )
  })
})
