import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'

const NO_UUIDS = [
  '',
  'me',
  '0190a6c4-0000-7000-8000-00000000000',
  '0190a6c4-0000-7000-8000-0000000000000',
  '0190a6c4000070008000000000000000',
  '{0190a6c4-0000-7000-8000-000000000000}',
  ' 0190a6c4-0000-7000-8000-000000000000',
  '0190a6c4-0000-7000-8000-000000000000\n',
  '0190a6c4-0000-7000-8000-00000000000g',
  '0190a6c4-0000-7000-8000-00000000000٣',
  '0190a6c4-0000-7000-8000-00000000000\0',
  'urn:uuid:0190a6c4-0000-7000-8000-000000000000',
]

/** What holds for every kind of id. */
export function describeIdentifier(name: string, Id: Readonly<{ parse: (raw: string) => string }>): void {
  describe(`the id ${name}`, () => {
    it('is a UUID of any version', () => {
      fc.assert(
        fc.property(fc.uuid(), (uuid) => {
          assert.equal(Id.parse(uuid), uuid)
        }),
      )
    })

    it('is the same in every letter case', () => {
      assert.equal(Id.parse('0190A6C4-ABCD-7EF0-8000-00000000000F'), '0190a6c4-abcd-7ef0-8000-00000000000f')
    })

    for (const raw of NO_UUIDS) {
      it(`is not ${JSON.stringify(raw)}`, () => {
        assert.throws(() => Id.parse(raw), { code: 'validation-failed', kind: 'invalid', field: 'id' })
      })
    }
  })
}
