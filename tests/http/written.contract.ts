import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertProblem } from '../kit/answers.ts'
import { type Forum, openForum } from '../kit/http.ts'

const NOBODY = '01938d6e-4a5b-7c3d-9e1f-2a3b4c5d6e7f'
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

export type Noun = Readonly<{
  path: string
  limit: number
  notFound: string
  /** What a new one needs besides its text. */
  around: (forum: Forum) => Promise<object>
}>

/** What holds for everything that users write: all of it is read, rewritten and removed alike. */
export function describeWritten(name: string, { path, limit, notFound, around }: Noun): void {
  describe(name, () => {
    let forum: Forum
    let context: object
    before(async () => {
      forum = await openForum()
      context = await around(forum)
    })
    after(() => forum[Symbol.asyncDispose]())

    const write = (text = 'Hello.') => forum.call(forum.alice, 'POST', path, { body: { ...context, text } })
    const written = async () => (await write()).body
    const at = ({ id }: Readonly<{ id: string }>) => `${path}/${id}`

    describe('writing', () => {
      it('answers 201 with the whole resource, where it is, and its tag', async () => {
        const { status, headers, body } = await write('  Hello, 🐯.  ')

        assert.equal(status, 201)
        assert.equal(headers['location'], at(body))
        assert.equal(headers['etag'], '"1"')
        assert.match(headers['content-type'] ?? '', /^application\/json; charset=utf-8$/)
        assert.match(body.id, UUID_V7)
        assert.match(body.createdAt, MOMENT)
        assert.deepEqual(body, {
          ...context,
          id: body.id,
          ownerId: forum.alice.id,
          text: 'Hello, 🐯.',
          version: 1,
          createdAt: body.createdAt,
          updatedAt: body.createdAt,
        })
      })

      it('keeps what it answered', async () => {
        const { headers, body } = await write()

        assert.deepEqual((await forum.call(forum.bob, 'GET', headers['location'] ?? '')).body, body)
      })

      it(`takes ${limit} characters, counted in code points, and not one more`, async () => {
        assert.equal((await write('🐯'.repeat(limit))).body.text, '🐯'.repeat(limit))
        assert.equal((await write(` ${'e\u0301'.repeat(limit / 2)} `)).status, 201)
        assertProblem(await write('🐯'.repeat(limit + 1)), 422, 'validation-failed')
        assertProblem(await write('a'.repeat(limit + 1)), 422, 'validation-failed')
      })

      const texts = { 'no text': '', 'only spaces': ' \n\t\u3000', 'only invisible characters': '\u200b\u2060\ufeff' }
      for (const [what, text] of Object.entries({ ...texts, NUL: 'a\u0000b', 'half a character': 'a\ud800' })) {
        it(`refuses ${what}, and points at it`, async () => {
          const answer = await write(text)

          assertProblem(answer, 422, 'validation-failed')
          assert.deepEqual(
            answer.body.errors.map(({ pointer }) => pointer),
            ['/text'],
          )
        })
      }

      it('refuses fields that it does not know, and says which', async () => {
        const body = { ...context, text: 'Hello.', ownerId: forum.bob.id, version: 7, 'a/b~c': 1 }
        const answer = await forum.call(forum.alice, 'POST', path, { body })

        assertProblem(answer, 422, 'validation-failed')
        assert.deepEqual(
          answer.body.errors.map(({ pointer }) => pointer),
          ['/ownerId', '/version', '/a~1b~0c'],
        )
      })

      it('says which fields are missing', async () => {
        const answer = await forum.call(forum.alice, 'POST', path, { body: {} })

        assertProblem(answer, 422, 'validation-failed')
        assert.deepEqual(
          answer.body.errors.map(({ pointer }) => pointer).sort(),
          [...Object.keys(context), 'text'].map((field) => `/${field}`),
        )
      })

      for (const value of [5, true, null, ['Hello.'], { text: 'Hello.' }]) {
        it(`does not take ${JSON.stringify(value)} for a text`, async () => {
          const body = { ...context, text: value }
          assertProblem(await forum.call(forum.alice, 'POST', path, { body }), 422, 'validation-failed')
        })
      }
    })

    describe('reading one', () => {
      it('is open to every user, and carries the tag', async () => {
        const { status, headers } = await forum.call(forum.bob, 'GET', at(await written()))

        assert.equal(status, 200)
        assert.equal(headers['etag'], '"1"')
      })

      it('finds an id in any letter case', async () => {
        const one = await written()

        assert.equal((await forum.call(forum.bob, 'GET', `${path}/${one.id.toUpperCase()}`)).body.id, one.id)
      })

      it('answers 404 to an unknown id, 422 to a malformed one', async () => {
        assertProblem(await forum.call(forum.alice, 'GET', `${path}/${NOBODY}`), 404, notFound)
        for (const id of ['abc', '7', `{${NOBODY}}`, `urn:uuid:${NOBODY}`, `${NOBODY}0`, `${NOBODY}%0A`, '%00']) {
          const answer = await forum.call(forum.alice, 'GET', `${path}/${id}`)
          assertProblem(answer, 422, 'validation-failed')
          assert.equal(answer.body.errors[0]?.pointer, '/id')
        }
      })

      it('is 304 without a body where the caller has the version', async () => {
        const url = at(await written())
        for (const tag of ['"1"', 'W/"1"', '"7", "1"', '*']) {
          const { status, headers, text } = await forum.call(forum.bob, 'GET', url, {
            headers: { 'if-none-match': tag },
          })
          assert.deepEqual([status, headers['etag'], text], [304, '"1"', ''], tag)
        }
        for (const tag of ['"2"', '1', '""', 'nonsense']) {
          assert.equal(
            (await forum.call(forum.bob, 'GET', url, { headers: { 'if-none-match': tag } })).status,
            200,
            tag,
          )
        }
      })

      it('answers HEAD with the headers alone', async () => {
        const url = at(await written())
        const [head, get] = [await forum.call(forum.bob, 'HEAD', url), await forum.call(forum.bob, 'GET', url)]

        assert.deepEqual([head.status, head.text, head.headers['etag']], [200, '', '"1"'])
        assert.equal(head.headers['content-length'], get.headers['content-length'])
        assert.equal((await forum.call(forum.bob, 'HEAD', `${path}/${NOBODY}`)).status, 404)
      })
    })

    describe('rewriting', () => {
      const rewrite = (url: string, text: unknown, headers = {}, who = forum.alice) =>
        forum.call(who, 'PUT', url, { body: { text }, headers })

      it('answers with the next version and its tag', async () => {
        const before = await written()
        const { status, headers, body } = await rewrite(at(before), ' Better. ')

        assert.deepEqual([status, headers['etag']], [200, '"2"'])
        assert.ok(body.updatedAt >= before.updatedAt)
        assert.deepEqual(body, { ...before, text: 'Better.', version: 2, updatedAt: body.updatedAt })
        assert.deepEqual((await forum.call(forum.bob, 'GET', at(before))).body, body)
      })

      it('honours If-Match: 200 when it names the version, 412 when not', async () => {
        const url = at(await written())

        assert.equal((await rewrite(url, 'Two.', { 'if-match': '"1"' })).status, 200)
        assertProblem(await rewrite(url, 'Lost.', { 'if-match': '"1"' }), 412, 'stale-version')
        assertProblem(await rewrite(url, 'Lost.', { 'if-match': 'W/"1"' }), 412, 'stale-version')
        assertProblem(await rewrite(url, 'Lost.', { 'if-match': '"02"' }), 412, 'stale-version')
        assert.equal((await rewrite(url, 'Three.', { 'if-match': '"9", "2"' })).status, 200)
        assert.equal((await rewrite(url, 'Four.', { 'if-match': 'W/"3"' })).status, 200)
        assert.equal((await rewrite(url, 'Five.', { 'if-match': '*' })).status, 200)
        assert.equal((await forum.call(forum.bob, 'GET', url)).body.text, 'Five.')
      })

      for (const tag of ['1', 'nonsense', '"1', '', ',', Array(1000).fill('"1"').join(', ')]) {
        it(`refuses If-Match: ${tag.slice(0, 20)}`, async () => {
          const url = at(await written())
          assertProblem(await rewrite(url, 'Lost.', { 'if-match': tag }), 422, 'validation-failed')
        })
      }

      it('is for its owner and super admins', async () => {
        const url = at(await written())

        assertProblem(await rewrite(url, 'Mine.', {}, forum.bob), 403, 'forbidden')
        const { status, body } = await rewrite(url, 'Moderated.', {}, forum.ada)

        assert.deepEqual([status, body.ownerId, body.text], [200, forum.alice.id, 'Moderated.'])
      })

      it('says whether there is nothing to rewrite, or no id', async () => {
        assertProblem(await rewrite(`${path}/${NOBODY}`, 'Hello.'), 404, notFound)
        assertProblem(await rewrite(`${path}/abc`, 'Hello.'), 422, 'validation-failed')
      })

      it('takes a text and nothing else', async () => {
        const one = await written()
        for (const body of [{}, { text: 5 }, { text: '' }, { ...one, text: 'Hello.' }, { text: 'a', id: one.id }, []]) {
          assertProblem(await forum.call(forum.alice, 'PUT', at(one), { body }), 422, 'validation-failed')
        }
      })
    })

    describe('removing', () => {
      const remove = (url: string, headers = {}, who = forum.alice) => forum.call(who, 'DELETE', url, { headers })

      it('answers 204 without a body, then 404 to everything', async () => {
        const url = at(await written())
        const { status, text } = await remove(url)

        assert.deepEqual([status, text], [204, ''])
        assertProblem(await remove(url), 404, notFound)
        assertProblem(await forum.call(forum.alice, 'GET', url), 404, notFound)
        assertProblem(await forum.call(forum.alice, 'PUT', url, { body: { text: 'Again.' } }), 404, notFound)
      })

      it('honours If-Match', async () => {
        const url = at(await written())

        assertProblem(await remove(url, { 'if-match': '"2"' }), 412, 'stale-version')
        assertProblem(await remove(url, { 'if-match': 'nonsense' }), 422, 'validation-failed')
        assert.equal((await remove(url, { 'if-match': '"1"' })).status, 204)
      })

      it('is for its owner and super admins', async () => {
        const url = at(await written())

        assertProblem(await remove(url, {}, forum.bob), 403, 'forbidden')
        assertProblem(await remove(url, { 'if-match': '"9"' }, forum.bob), 403, 'forbidden')
        assert.equal((await remove(url, {}, forum.ada)).status, 204)
      })
    })
  })
}
