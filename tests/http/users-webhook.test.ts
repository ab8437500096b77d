import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { describe, it } from 'node:test'
import { UserId } from '../../src/domains/entities/user.ts'
import { Conflict } from '../../src/domains/errors/change-errors.ts'
import { DependencyUnavailable } from '../../src/domains/errors/dependency-errors.ts'
import { assertProblem } from '../kit/answers.ts'
import { createStore, memoryDriver } from '../kit/forum-store.ts'
import { type Forum, openForum, WEBHOOK } from '../kit/http.ts'
import { adminEvent, CAPTURES, type Capture, captured, HOOK, signatureOf, signed } from '../kit/keycloak-captures.ts'

const ZOE = '264d3455-35e4-4609-918c-6f32083721fb'
const CAROL = 'f28e41d4-a0f2-4301-8c69-cce9407cab61'
const ERIN = 'a150f887-1893-4312-9fff-4ec861cd0111'
const BOB = 'b0b00000-0000-4000-8000-000000000002'

/** The types that are applied if they are about a person. */
const APPLIED = Object.fromEntries(
  [
    ...['admin.USER-CREATE', 'admin.USER-UPDATE', 'admin.USER-DELETE', 'admin.REALM-CREATE', 'admin.REALM-UPDATE'],
    ...['access.REGISTER', 'access.UPDATE_PROFILE', 'access.UPDATE_EMAIL', 'access.DELETE_ACCOUNT'],
    'access.USER_DISABLED_BY_PERMANENT_LOCKOUT',
  ].map((type) => [type, true]),
)

const deliver = ({ call }: Pick<Forum, 'call'>, payload: string | Buffer, headers = signed(payload)) =>
  call(null, 'POST', HOOK, { payload, headers })

const deliverCapture = (forum: Forum, { body, headers }: Capture) =>
  deliver(forum, body, {
    'x-keycloak-signature': headers['x-keycloak-signature'] ?? headers['X-Keycloak-Signature'] ?? '',
  })

/** Two people were imported under one label. */
const subjectOf = ({ body }: Capture): string | undefined => /^users\/(.{36})$/.exec(JSON.parse(body).resourcePath)?.[1]

/** What the mirror has of a person, in one line. */
function mirrored({ state }: Forum, id: string): string | null {
  const user = state.user.get(UserId.parse(id))
  if (user === undefined) return null
  if (user.removedAt !== null) return 'removed'
  return [user.username, user.fullName, user.email, user.isActive ? 'active' : 'disabled'].join(' | ')
}

/** Every kind of delivery that has an effect, and what it is on an empty mirror. */
const EFFECTS: Readonly<Record<string, readonly [id: string, mirrored: string]>> = {
  'admin creates user (non-ASCII)': [ZOE, 'zoe | Zoë Ünal 東京 😀 | zoe@example.org | active'],
  'admin creates user (minimal: username only)': ['1b014e49-f9de-42f7-a101-ea00a4872826', 'mini |  |  | active'],
  'admin creates user with given id': ['509a655e-5a4f-4b3f-8d42-2920ced55c77', 'withid |  |  | active'],
  'admin updates user (full)': [ZOE, 'zoe | Zoé Ünal 東京 😀 | zoe@example.org | active'],
  'admin updates user (partial: email only)': [ZOE, 'zoe |  | zoe2@example.org | active'],
  'admin updates user (nothing changed)': [ZOE, 'zoe | Zoé Ünal 東京 😀 | zoe2@example.org | active'],
  'admin disables user': [ZOE, 'zoe |  |  | disabled'],
  'admin enables user': [ZOE, 'zoe |  |  | active'],
  'admin renames user (editUsernameAllowed=true)': [ZOE, 'zoe-renamed |  |  | active'],
  'self-registration': [CAROL, 'carol | Cárol Jones | carol@example.org | active'],
  'account API: profile update (names)': [CAROL, 'carol | Carolina |  | active'],
  'account API: profile update (email)': [CAROL, 'carol |  | carolina@example.org | active'],
  'account API: profile update (user name, editUsernameAllowed)': [CAROL, 'carolina |  |  | active'],
  'browser: user changes own address (kc_action=UPDATE_EMAIL)': [ERIN, 'erin |  | erin.grey@example.org | active'],
  'account API: profile update (nothing changed)': [CAROL, 'carolina |  |  | active'],
  'browser: UPDATE_PROFILE by kc_action': [CAROL, 'carolina | Jones-Smith |  | active'],
  'browser: user deletes own account (kc_action=delete_account)': [CAROL, 'removed'],
  'admin deletes user': [ZOE, 'removed'],
  'permanent lockout: wrong password 2': [BOB, 'bob |  |  | disabled'],
  'admin enables bob': [BOB, 'bob |  |  | active'],
  'partial import of users': ['da69ac44-13cd-48a6-a362-29a215bc0e19', 'imported | Im Ported | im@example.org | active'],
  'partial import overwrites a user (new id, no delete event for the old one)': [
    '023c37e3-1867-4622-ad77-adacee93070a',
    'imported | Over Ported | im@example.org | active',
  ],
  'first login through an identity provider': [
    '8f4dcd93-0985-4024-aa72-6abfbe0a1a20',
    'dave |  | dave@example.org | active',
  ],
  'account console: user edits the profile': [
    '8cdaf7f3-211b-40ab-9ee8-2466371f4b4b',
    'imported2 | Console |  | active',
  ],
  'admin console: saves a user': [BOB, 'bob | Bob Builder-Console | bob@example.org | active'],
}

describe('a delivery of Keycloak', () => {
  for (const [index, capture] of CAPTURES.entries()) {
    const { type } = JSON.parse(capture.body)
    const effect = Object.hasOwn(APPLIED, type) ? EFFECTS[capture.what] : undefined

    it(`${effect ? 'is applied' : 'is taken without effect'} (${index + 1}: ${capture.what}, ${type})`, async () => {
      await using forum = await openForum()

      const answers = [await deliverCapture(forum, capture), await deliverCapture(forum, capture)]

      assert.deepEqual(
        answers.map(({ status, text }) => [status, text]),
        [
          [204, ''],
          [204, ''],
        ],
      )
      const known = [...forum.state.user.keys()].map((id) => [id, mirrored(forum, id)])
      assert.deepEqual(known, effect === undefined ? [] : [[subjectOf(capture) ?? effect[0], effect[1]]])
      assert.equal(forum.state.outbox.length, known.length, 'one event for each change')
    })
  }

  it('applies each change in the life of a person on top of those before', async () => {
    await using forum = await openForum()
    const seen: (string | null)[] = []

    for (const capture of CAPTURES.filter(({ body }) => body.includes(ZOE))) {
      await deliverCapture(forum, capture)
      if (mirrored(forum, ZOE) !== seen.at(-1)) seen.push(mirrored(forum, ZOE))
    }

    assert.deepEqual(seen, [
      'zoe | Zoë Ünal 東京 😀 | zoe@example.org | active',
      'zoe | Zoé Ünal 東京 😀 | zoe@example.org | active',
      'zoe | Zoé Ünal 東京 😀 | zoe2@example.org | active',
      'zoe | Zoé Ünal 東京 😀 | zoe2@example.org | disabled',
      'zoe | Zoé Ünal 東京 😀 | zoe2@example.org | active',
      'zoe-renamed | Zoé Ünal 東京 😀 | zoe2@example.org | active',
      'removed',
    ])
  })

  it('shuts a disabled person out at once, whatever the token says, and lets an enabled one in again', async () => {
    await using forum = await openForum()
    const { alice, call } = forum
    await call(alice, 'GET', '/v1/users/me')

    await deliver(forum, adminEvent('UPDATE', alice.id, Date.now(), { enabled: false }))
    assertProblem(await call(alice, 'GET', '/v1/users/me'), 403, 'account-disabled')
    assertProblem(await call(alice, 'POST', '/v1/posts', { body: { text: 'Hello?' } }), 403, 'account-disabled')

    await deliver(forum, adminEvent('UPDATE', alice.id, Date.now() + 1, { enabled: true }))
    assert.equal((await call(alice, 'POST', '/v1/posts', { body: { text: 'Hello!' } })).status, 201)
  })

  it('removes a person for good, with all that is theirs; a late event does not bring them back', async () => {
    await using forum = await openForum()
    const { alice, bob, call } = forum
    const { body } = await call(alice, 'POST', '/v1/posts', { body: { text: 'Hello.' } })

    await deliver(forum, adminEvent('DELETE', alice.id, Date.now()))
    await deliver(forum, adminEvent('UPDATE', alice.id, Date.now() + 1_000, { enabled: true, firstName: 'Alice' }))

    assertProblem(await call(alice, 'GET', '/v1/users/me'), 403, 'account-disabled')
    assertProblem(await call(bob, 'GET', `/v1/users/${alice.id}`), 404, 'user-not-found')
    assertProblem(await call(bob, 'GET', `/v1/posts/${body.id}`), 404, 'post-not-found')
  })

  it('keeps out a person whose removal comes before anything else', async () => {
    await using forum = await openForum()
    const { alice, call } = forum

    await deliver(forum, adminEvent('DELETE', alice.id, Date.now()))

    assertProblem(await call(alice, 'GET', '/v1/users/me'), 403, 'account-disabled')
    assert.deepEqual(
      forum.state.outbox.map(({ type, version }) => `${type} ${version}`),
      ['user.removed 1'],
    )
  })

  it('counts once when two webhooks of a realm send the same event, each with a delivery of its own', async () => {
    await using forum = await openForum()
    const event = adminEvent('CREATE', ZOE, 1_000, { username: 'zoe' })

    await deliver(forum, event)
    const before = forum.hash()
    const again = await deliver(forum, JSON.stringify({ ...JSON.parse(event), uid: CAROL, time: 2_000 }))

    assert.equal(again.status, 204)
    assert.equal(forum.hash(), before)
  })

  for (const [what, more] of Object.entries({
    'another realm': { realmName: 'second' },
    'no realm': { realmName: undefined },
    'the same realm by the name in authDetails alone': { realmName: 'second', authDetails: { realmId: WEBHOOK.realm } },
    'a part of a person': { resourcePath: `users/${ZOE}/groups/1` },
    'another kind of thing': { resourcePath: `groups/${ZOE}` },
    'a person by an id in the representation alone': { resourcePath: 'users', resourceId: ZOE },
    'a path that only ends like one of a person': { resourcePath: `x/users/${ZOE}` },
    'no time': { time: undefined },
    'a time that is none': { time: '1795796728308' },
    'no ids': { id: undefined, uid: undefined },
    'a type that JavaScript knows': { type: 'constructor' },
  })) {
    it(`has no effect if it is about ${what}`, async () => {
      await using forum = await openForum()

      const { status } = await deliver(forum, adminEvent('CREATE', ZOE, 1_000, { id: ZOE, username: 'zoe' }, more))

      assert.deepEqual([status, forum.state.user.size], [204, 0])
    })
  }

  for (const body of ['', '{', 'null', '[]', '7', '{"type":7}', '\u0000']) {
    it(`has no effect where it is signed and no event: ${JSON.stringify(body)}`, async () => {
      await using forum = await openForum()
      assert.deepEqual([(await deliver(forum, body)).status, forum.state.user.size], [204, 0])
    })
  }
})

describe('a delivery that is not signed as it must be', () => {
  const { body } = captured('admin creates user (non-ASCII)')
  const good = signatureOf(body)
  const hmac = (algorithm: string) => createHmac(algorithm, WEBHOOK.secret).update(body).digest('hex')

  for (const [what, signature] of Object.entries({
    'no signature': undefined,
    'an empty one': '',
    'one in upper case': good.toUpperCase(),
    'one with another last digit': good.slice(0, -1) + (good.endsWith('0') ? '1' : '0'),
    'one with another first digit': (good.startsWith('0') ? '1' : '0') + good.slice(1),
    'half of it': good.slice(0, 32),
    'all but its last digit': good.slice(0, -1),
    'one digit more': `${good}0`,
    'it twice': `${good}${good}`,
    'it twice in a list': `${good}, ${good}`,
    'a prefix': `sha256=${good}`,
    'no hex': 'x'.repeat(64),
    zeros: '0'.repeat(64),
    'that of another secret': signatureOf(body, `${WEBHOOK.secret}x`),
    'that of no secret': signatureOf(body, ''),
    'that of another body': signatureOf(`${body} `),
    'that of SHA-1': hmac('sha1'),
    'that of SHA-512': hmac('sha512'),
    base64: createHmac('sha256', WEBHOOK.secret).update(body).digest('base64'),
  })) {
    it(`is refused: ${what}`, async () => {
      await using forum = await openForum()
      const headers: Record<string, string> = signature === undefined ? {} : { 'x-keycloak-signature': signature }

      const answer = await forum.call(null, 'POST', HOOK, { payload: body, headers })

      assertProblem(answer, 401, 'webhook-signature-invalid')
      assert.equal(forum.state.user.size, 0)
    })
  }

  it('is refused with a token of a super admin, too, and counts against its address', async () => {
    await using forum = await openForum({
      rateLimit: { requests: 2, seconds: 60 },
      count: (() => {
        let used = 0
        return async () => ({ used: ++used, resetsInMs: 1_000 })
      })(),
    })
    const attempt = () => forum.call(forum.ada, 'POST', HOOK, { payload: body })

    assertProblem(await attempt(), 401, 'webhook-signature-invalid')
    assertProblem(await attempt(), 401, 'webhook-signature-invalid')
    assertProblem(await attempt(), 429, 'rate-limited')
    assert.equal((await deliver(forum, body)).status, 204, 'what is signed is never limited')
  })

  it('is refused before it is read where it is too large', async () => {
    await using forum = await openForum()
    assertProblem(await deliver(forum, Buffer.alloc(300_000)), 413, 'payload-too-large')
  })

  it('is signed over its bytes, whatever they are', async () => {
    await using forum = await openForum()
    assert.equal((await deliver(forum, Buffer.from([0xff, 0x00, 0xfe]))).status, 204)
  })
})

describe('the webhook', () => {
  const { body } = captured('admin creates user (non-ASCII)')

  it('takes nothing without a secret of its own', async () => {
    await using forum = await openForum({ webhook: { ...WEBHOOK, secret: null } })
    assertProblem(await deliver(forum, body, signed(body, '')), 503, 'webhook-not-configured')
  })

  it('asks Keycloak to try again while the database is away, but accepts an event that is about no person', async () => {
    const transact = async () => {
      throw new DependencyUnavailable('database')
    }
    await using forum = await openForum({ store: { ...createStore(memoryDriver()), transact } })

    assertProblem(await deliver(forum, body), 503, 'dependency-unavailable')
    assert.equal((await deliverCapture(forum, captured('custom event'))).status, 204)
  })

  it('asks for the same when others keep changing the person: nothing that is signed is refused', async () => {
    const transact = async () => {
      throw new Conflict()
    }
    await using forum = await openForum({ store: { ...createStore(memoryDriver()), transact } })
    assertProblem(await deliver(forum, body), 503, 'dependency-unavailable')
  })

  it('answers within two seconds where the database does not', async () => {
    const transact = () => new Promise<never>(() => {})
    await using forum = await openForum({ store: { ...createStore(memoryDriver()), transact } })

    const began = performance.now()
    assertProblem(await deliver(forum, body), 503, 'dependency-unavailable')
    assert.ok(performance.now() - began < 2_000)
  })
})
