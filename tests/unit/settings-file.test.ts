import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseSettingsFile } from '../../src/infrastructures/configuration/file/settings-file.ts'
import { UnusableSource } from '../../src/infrastructures/configuration/settings-source.ts'

const CANARY = 'canary-7f3a'
const parse = (name: string, text: string) => parseSettingsFile(name, Buffer.from(text))

const SAME = { RATE_LIMIT: '5/min', WORKERS: '2', DATABASE_AUTO_MIGRATE: 'false', CORS_ORIGINS: 'https://a,https://b' }

describe('a file of settings', () => {
  for (const [name, text] of [
    [
      'a.json',
      '\uFEFF{"RATE_LIMIT":"5/min","WORKERS":2,"DATABASE_AUTO_MIGRATE":false,"CORS_ORIGINS":["https://a","https://b"]}',
    ],
    [
      'a.yaml',
      '# ours\nRATE_LIMIT: 5/min\nWORKERS: 2\nDATABASE_AUTO_MIGRATE: false\nCORS_ORIGINS:\n- https://a\n- https://b\n',
    ],
    ['a.yml', '{RATE_LIMIT: 5/min, WORKERS: 2, DATABASE_AUTO_MIGRATE: false, CORS_ORIGINS: [https://a, https://b]}'],
    [
      '.env',
      'RATE_LIMIT=5/min\r\nWORKERS="2"\r\n#\nDATABASE_AUTO_MIGRATE=false\nCORS_ORIGINS=https://a,https://b # both\n',
    ],
  ] as const) {
    it(`says the same in each form: ${name}`, async () => assert.deepEqual(await parse(name, text), SAME))
  }

  it('in YAML says what stands there: neither octal numbers nor old booleans', async () => {
    const text = "A: 0o17\nB: no\nC: 1e3\nD: 007\nE: '1'\nF: ~\nG:\n"

    assert.deepEqual(await parse('a.yaml', text), { A: '0o17', B: 'no', C: '1e3', D: '007', E: '1', F: '~', G: '' })
  })

  it('in YAML may use an anchor again', async () => {
    assert.deepEqual(await parse('a.yaml', 'A: &a x\nB: *a\n'), { A: 'x', B: 'x' })
  })

  for (const [name, text, why] of [
    ['a.json', '', 'the file is not valid JSON'],
    ['a.json', `{"A": ${CANARY}}`, 'the file is not valid JSON'],
    ['a.json', '[]', 'the file must be an object of names and values'],
    ['a.json', 'null', 'the file must be an object of names and values'],
    ['a.json', `"${CANARY}"`, 'the file must be an object of names and values'],
    ['a.json', `{"A": {"B": "${CANARY}"}}`, 'A must be a text, a number, true, false or a list of them'],
    ['a.json', '{"A": null}', 'A must be a text, a number, true, false or a list of them'],
    ['a.json', '{"A": [["b"]]}', 'A must be a text, a number, true, false or a list of them'],
    ['a.yaml', '', 'the file must be an object of names and values'],
    ['a.yaml', `A: 1\nB: "${CANARY}`, 'the file is not valid YAML in line 2'],
    ['a.yaml', 'A: 1\nA: 2\n', 'the file is not valid YAML in line 2'],
    ['a.yaml', `A: 1\nB: !!${CANARY} 2\n`, 'the file is not valid YAML in line 2'],
    ['a.yaml', 'A: *b\n', 'the file has YAML aliases of nothing, or too many'],
    ['a.yaml', bombOf(9), 'the file has YAML aliases of nothing, or too many'],
    ['a.env', 'A=\0', 'the file contains NUL: save it in UTF-8'],
  ] as const) {
    it(`is refused without its content: ${name} ${JSON.stringify(text.slice(0, 30))}`, async () => {
      await assert.rejects(parse(name, text), (error: Error) => {
        assert.ok(error instanceof UnusableSource)
        assert.equal(error.message, why)
        return true
      })
    })
  }
})

/** Lists of lists of lists: few lines that mean a billion texts. */
function bombOf(levels: number): string {
  const level = (n: number) => `L${n}: &l${n} [${Array(9).fill(n === 0 ? 'x' : `*l${n - 1}`)}]\n`
  return Array.from({ length: levels }, (_, n) => level(n)).join('')
}
