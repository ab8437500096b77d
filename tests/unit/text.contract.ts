import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { InvalidInput } from '../../src/domains/errors/input-errors.ts'

const NOTHING_TO_SEE = [
  '',
  ' ',
  '\t\r\n',
  '\u00a0',
  '\u200b',
  '\u200b\u200d\u2060',
  '\ufeff',
  '\u202e',
  '\u3000 \u2028',
]
const CHARACTERS = { 'a letter': 'x', 'an emoji': '🦉', 'a letter beyond the BMP': '𝒳', 'a combining mark': '\u0301' }

type Parser = Readonly<{ parse: (raw: string) => string }>

/** What holds for every text of users, up to so many code points. */
export function describeText(name: string, Text: Parser, limit: number): void {
  describe(name, () => {
    it('is trimmed', () => {
      assert.equal(Text.parse(' \t\n Hello,\n world. \u00a0\u3000'), 'Hello,\n world.')
    })

    it('keeps everything between its ends', () => {
      const text = '"a"\\ %_ \u001b[31mred\r\n\u200fשלום\u0301 👩‍👩‍👧‍👦'

      assert.equal(Text.parse(text), text)
    })

    for (const [kind, character] of Object.entries(CHARACTERS)) {
      it(`has room for ${limit} code points and not one more, each ${kind}`, () => {
        const longest = character.repeat(limit)

        assert.equal(Text.parse(longest), longest)
        assert.throws(() => Text.parse(longest + character), InvalidInput)
      })
    }

    it('is measured after trimming', () => {
      assert.equal(Text.parse(` ${'x'.repeat(limit)}\n`).length, limit)
    })

    it('may mix short and long code points up to the limit', () => {
      assert.equal(Text.parse(`${'🦉'.repeat(limit - 1)}x`).length, 2 * limit - 1)
      assert.throws(() => Text.parse(`${'🦉'.repeat(limit - 1)}xx`), InvalidInput)
    })

    for (const nothing of NOTHING_TO_SEE) {
      it(`is refused when nothing of it can be seen: ${JSON.stringify(nothing)}`, () => {
        assert.throws(() => Text.parse(nothing), { code: 'validation-failed', kind: 'invalid', field: 'text' })
      })
    }

    for (const broken of ['\ud800', 'x\udfffx', '\udc00\ud800', 'a\0b', '\0']) {
      it(`is refused when it is no proper Unicode: ${JSON.stringify(broken)}`, () => {
        assert.throws(() => Text.parse(broken), { code: 'validation-failed', kind: 'invalid', field: 'text' })
      })
    }

    it('is either refused, or trimmed, visible, well-formed and within the limit, whatever comes', () => {
      fc.assert(
        fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (raw) => {
          const text = parsed(Text, raw)
          if (text === null) return
          assert.equal(text, raw.trim())
          assert.equal(Text.parse(text), text)
          assert.ok(text.isWellFormed() && !text.includes('\0') && text !== '' && [...text].length <= limit)
        }),
      )
    })

    it('is accepted whenever something can be seen in it', () => {
      fc.assert(
        fc.property(fc.string({ unit: 'grapheme-ascii', maxLength: 100 }), (some) => {
          assert.equal(Text.parse(`a${some}z`), `a${some}z`)
        }),
      )
    })
  })
}

function parsed(Text: Parser, raw: string): string | null {
  try {
    return Text.parse(raw)
  } catch (error) {
    assert.ok(error instanceof InvalidInput)
    return null
  }
}
