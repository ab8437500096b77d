import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { PersonNews } from '../../src/domains/entities/person-news.ts'
import { DependencyUnavailable } from '../../src/domains/errors/dependency-errors.ts'
import { createAdminApi } from '../../src/infrastructures/authentication/keycloak/admin-api.ts'
import { keycloakDirectory } from '../../src/infrastructures/authentication/keycloak/directory.ts'

const AT = 'Fri, 27 Nov 2026 22:00:00 GMT'
const people = Array.from({ length: 250 }, (_, n) => ({ id: `id-${n}`, username: `user${n}`, enabled: n !== 7 }))

type Answer = Readonly<{ status: number; body?: unknown }>

/** A Keycloak that gives tokens which it takes `uses` times. */
function openServer({ uses = 1_000, answer }: { uses?: number; answer?: (url: URL) => Answer | null } = {}) {
  const seen = { tokens: 0, requests: 0 }
  let left = 0
  const json = ({ status, body }: Answer) => new Response(JSON.stringify(body ?? {}), { status, headers: { date: AT } })

  const fetch = async (input: string | URL | Request): Promise<Response> => {
    const url = new URL(String(input))
    if (url.pathname.endsWith('/token')) {
      seen.tokens++
      left = uses
      return json({ status: 200, body: { access_token: `token ${seen.tokens}`, expires_in: 300 } })
    }
    seen.requests++
    if (left-- <= 0) return json({ status: 401 })
    const own = answer?.(url)
    if (own) return json(own)
    const [first, max] = [Number(url.searchParams.get('first')), Number(url.searchParams.get('max'))]
    return json({ status: 200, body: people.slice(first, first + max) })
  }
  const client = { id: 'forum-admin', secret: 'x' }
  const api = createAdminApi({ server: 'https://id.example.org', realm: 'my forum', client, fetch })
  return { directory: keycloakDirectory(api), seen }
}

async function everyone({ directory }: ReturnType<typeof openServer>): Promise<readonly PersonNews[]> {
  const all: PersonNews[] = []
  for await (const page of directory.pages()) all.push(...page)
  return all
}

describe('the people of a realm', () => {
  it('are read page by page, the disabled ones too, each with the time of Keycloak', async () => {
    const server = openServer()

    const all = await everyone(server)

    assert.deepEqual(
      all.map(({ subject }) => subject),
      people.map(({ id }) => id),
    )
    assert.deepEqual(all[7], {
      ...{ subject: 'id-7', kind: 'changed', at: new Date(AT) },
      facts: { username: 'user7', firstName: null, lastName: null, email: null, isActive: false },
    })
    assert.deepEqual(server.seen, { tokens: 1, requests: 4 })
  })

  it('are read to the end though a page is short, which lacks those whom a directory no longer has', async () => {
    const short = people.filter((_, n) => n < 120 || n >= 130)
    const server = openServer({
      answer: (url) => {
        const first = Number(url.searchParams.get('first'))
        return { status: 200, body: people.slice(first, first + 100).filter((person) => short.includes(person)) }
      },
    })

    assert.equal((await everyone(server)).length, short.length)
  })

  it('are read to the end though the token ends in the middle', async () => {
    const server = openServer({ uses: 1 })

    assert.equal((await everyone(server)).length, 250)
    assert.equal(server.seen.tokens, 4)
  })

  for (const [what, answer, expected] of [
    ['nobody of that name', { status: 404, body: { error: 'User not found' } }, null],
    ['a realm that is gone', { status: 404, body: { error: 'Realm not found.' } }, DependencyUnavailable],
    ['a proxy without a route', { status: 404, body: '<html>' }, DependencyUnavailable],
    ['a missing right', { status: 403 }, DependencyUnavailable],
    ['an error', { status: 500 }, DependencyUnavailable],
    ['something else', { status: 200, body: [] }, DependencyUnavailable],
  ] as const) {
    it(`are ${expected === null ? 'missing' : 'unknown'} by the answer of ${what}`, async () => {
      const { directory } = openServer({ answer: () => answer })
      if (expected === null) assert.equal(await directory.find('id/1'), null)
      else await assert.rejects(directory.find('id/1'), expected)
    })
  }

  it('are refused with the names of the missing roles', async () => {
    const server = openServer({ answer: () => ({ status: 403 }) })

    await assert.rejects(everyone(server), ({ cause }: Error) =>
      /403 .*KEYCLOAK_ADMIN_CLIENT_ID needs .*view-users/.test(String((cause as Error).message)),
    )
  })
})
