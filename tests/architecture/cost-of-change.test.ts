import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { complaintsOf, costsOf } from '../../scripts/cost/nouns.ts'
import { sourceFile } from './source-file.ts'

const NOUNS = ['user', 'post', 'answer']
const namedBy = (noun: string, path: string, text: string) =>
  costsOf(NOUNS, [sourceFile(path, text)]).find((cost) => cost.noun === noun)

const SHARED = 'main/container.ts'

const NAMING = [
  `import { posts } from './a.ts'`,
  `import './entities/post-text.ts'`,
  'const a: PostId = b',
  'const { postId } = a',
  'createPostService()',
  `const a = 'post-not-found'`,
  `const a = 'Users write posts.'`,
  'const a = store.posts',
]

const ALIKE = [
  `import pg from 'postgres'`,
  `http.post('/a', b)`,
  `const isForm = method === 'POST'`,
  'thread.postMessage(null)',
  '// The longest post.',
  'const a = postpone()',
]

describe('the cost of change', () => {
  for (const text of NAMING) {
    it(`counts a shared file that names a noun: ${text}`, () => {
      assert.deepEqual(namedBy('post', SHARED, text), { noun: 'post', shared: [SHARED], related: [] })
    })
  }

  for (const text of ALIKE) {
    it(`does not count what looks alike: ${text}`, () => {
      assert.deepEqual(namedBy('post', SHARED, text), { noun: 'post', shared: [], related: [] })
    })
  }

  for (const path of [
    'domains/entities/post.ts',
    'domains/usecases/posts/pin.ts',
    'controllers/http/v1/post-page.ts',
  ]) {
    it(`does not count a file of the noun: ${path}`, () => {
      assert.deepEqual(namedBy('post', path, 'const post = 1')?.shared, [])
    })
  }

  it('lists files of other nouns apart, as they go with their own noun', () => {
    const path = 'domains/entities/answer.ts'

    assert.deepEqual(namedBy('post', path, `import './post.ts'`), { noun: 'post', shared: [], related: [path] })
  })

  it('does not take the user of a database or of a request for the noun', () => {
    const text = `const { user, userId } = parse('postgres://user:secret@host'); const sql = 'user_id'`

    assert.deepEqual(namedBy('user', SHARED, text)?.shared, [])
    assert.deepEqual(namedBy('user', SHARED, 'createUserService()')?.shared, [SHARED])
  })

  it('fails when one shared file more than allowed names a noun', () => {
    const files = ['main/a.ts', 'main/b.ts'].map((path) => sourceFile(path, 'const { posts, answers } = store'))
    const costs = costsOf(NOUNS, files)

    assert.deepEqual(complaintsOf(costs, { post: 2 }, 2), [])
    assert.deepEqual(complaintsOf(costs, { post: 1 }, 2), ['post: 2 shared files name it, at most 1 may'])
    assert.deepEqual(complaintsOf(costs, {}, 1), [
      'post: 2 shared files name it, at most 1 may',
      'answer: 2 shared files name it, at most 1 may',
    ])
  })
})
