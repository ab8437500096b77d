import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fileSource } from '../../src/infrastructures/configuration/file/file-source.ts'
import { until } from '../kit/command.ts'

const ABSENT = Object.assign(new Error('no such file'), { code: 'ENOENT' })

/** The reports of a source that reads these contents, one after the other; the last one stays. */
async function reportedBy(contents: readonly (string | Error)[]): Promise<readonly string[]> {
  const reported: string[] = []
  let reads = 0
  const source = fileSource('a.env', async () => {
    const content = contents[Math.min(reads++, contents.length - 1)] ?? ''
    if (content instanceof Error) throw content
    return Buffer.from(content)
  })
  const stopping = new AbortController()
  const listener = {
    onValues: (values: object) => reported.push(JSON.stringify(values)),
    onFailure: (error: unknown) => reported.push((error as Error).message),
  }
  source.watch(listener, stopping.signal)
  await until('it has been read', () => reads > contents.length + 3)
  stopping.abort()
  return reported
}

describe('a file of settings that is followed', () => {
  it('is reported when two readings agree: a half-written file is not', async () => {
    const reported = await reportedBy(['A=1', 'A=1', '', 'A=', 'A=2\nB=', 'A=2\nB=3', 'A=2\nB=3'])

    assert.deepEqual(reported, ['{"A":"1"}', '{"A":"2","B":"3"}'])
  })

  it('is reported once for each change, also when it is gone and the same again', async () => {
    const reported = await reportedBy(['A=1', 'A=1', 'A=1', ABSENT, ABSENT, ABSENT, 'A=1', 'A=1', 'A=\0', 'A=\0'])

    assert.deepEqual(reported, [
      '{"A":"1"}',
      'the file is not there',
      '{"A":"1"}',
      'the file contains NUL: save it in UTF-8',
    ])
  })

  it('that is away for one reading only, while it is replaced, was never away', async () => {
    assert.deepEqual(await reportedBy(['A=1', 'A=1', ABSENT, 'A=2', 'A=2']), ['{"A":"1"}', '{"A":"2"}'])
  })
})
