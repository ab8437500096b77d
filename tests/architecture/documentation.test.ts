import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { brokenLinks, PAGES, retiredWords, unknownFiles, unknownProofs, unknownScripts } from './documentation.ts'
import { wrongCommands } from './inline-commands.ts'

const RULES = { brokenLinks, unknownScripts, unknownFiles, unknownProofs, wrongCommands, retiredWords }

const PLANTED: Readonly<Record<keyof typeof RULES, Readonly<{ caught: readonly string[]; left: readonly string[] }>>> =
  {
    brokenLinks: {
      caught: ['[a](docs/nowhere.md)', '[a](docs/events.md#no-such-heading)', '![a](nowhere.svg)'],
      left: [
        '[a](docs/events.md#what-happens-when-)',
        '[a](src/main.ts)',
        '[a](https://example.org/a)',
        '```\n[a](b)\n```',
      ],
    },
    unknownScripts: {
      caught: ['Run `npm run db:drop`.', 'npm run --silent tokens -- alice'],
      left: ['Run `npm run db:migrate`.', 'npm run --silent token -- alice', 'npm run …', 'npm test'],
    },
    unknownProofs: {
      caught: ['`contracts/no-such-suite`', '`contracts/outbox` (“is no title there”)'],
      left: ['`contracts/outbox`', '`contracts/outbox` (“kept late”)', '`chaos/kill-service`', '`controllers/http`'],
    },
    wrongCommands: {
      caught: [
        'Run `npm run db:drop`.',
        'Run `npm run\ndb:drop`.',
        'Run `npm stop`.',
        'Run `npm run check && npm tests`.',
        '| `npm test -- no-such-suite` | a |',
        '| `npm run users:reconcile [-- --dry]` | a |',
        '| `npm run users:reconcile --dry-run` | a |',
        '| `npm run keycloak:webhook -- create\\|remove` | a |',
        '| `npm run outbox:replay -- --after <time>` | a |',
        '| `make build begin` | a |',
        'Run `node scripts/no-such-script.ts`.',
      ],
      left: [
        'Run `npm ci --omit=dev`.',
        'Run `TEST_POSTGRES_URL=a npm test`.',
        'Run `HTTP_PORT=9000 npm run …`.',
        '| `npm run token -- <username> [--role super_admin]` | a |',
        '| `npm run keycloak:webhook -- create\\|update` | a |',
        '| `npm run outbox:replay -- --since <ISO time>` | a |',
        '| `make build start` | `node:http` |',
        '```sh\nnpm run check # of `npm stop`\n```',
      ],
    },
    retiredWords: {
      caught: ['Whoever waits, waits.', 'It asks\nnobody.', 'The log is told.', 'All lanes are full.'],
      left: ['The key `era:post`.', '```sh\necho whoever\n```', 'Nobody may.', 'A planet.'],
    },
    unknownFiles: {
      caught: ['See `src/domains/entities/event.ts`.', 'See `touches.ts`.', 'See `spost.ts`.', 'See `s/post.ts`.'],
      left: ['See `src/domains/entities/post.ts`.', 'See `entities/post.ts`.', 'See `usecases/posts/pin-post.ts`.'],
    },
  }

describe('the documentation', () => {
  it('was read', () => {
    assert.ok(PAGES.length > 30, `${PAGES.length} pages`)
    assert.ok(PAGES.some(({ text }) => text.includes('npm run db:migrate')))
  })

  for (const [name, rule] of Object.entries(RULES)) {
    it(`has no ${name}`, () => {
      const found = PAGES.flatMap((page) => rule(page).map((what) => `${page.path}: ${what}`))

      assert.deepEqual(found, [])
    })
  }

  for (const [name, { caught, left }] of Object.entries(PLANTED)) {
    const rule = RULES[name as keyof typeof RULES]
    const foundIn = (text: string) => rule({ path: 'README.md', text })

    for (const text of caught) it(`would be caught (${name}): ${text}`, () => assert.equal(foundIn(text).length, 1))
    for (const text of left) it(`is left alone (${name}): ${text}`, () => assert.deepEqual(foundIn(text), []))
  }
})
