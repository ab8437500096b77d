/** The product's name has one place: what cannot read it says the same, and what can does not spell it. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { filesBelow } from '../../scripts/rename/files.ts'
import { PRODUCT } from '../../src/patterns/product.ts'

const ROOT = new URL('../../', import.meta.url)
const textOf = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8')
const { name } = JSON.parse(textOf('package.json')) as { name: string }
const { namespace, service } = PRODUCT

/** What each file must say, word for word. */
const SAID: readonly (readonly [path: string, ...lines: readonly string[]])[] = [
  ['package-lock.json', `\n  "name": "${name}",\n`, `\n      "name": "${name}",\n`],
  ['README.md', `# ${name}\n`, `| \`sqlite:./data/${service}.db\` |`, `| \`OIDC_AUDIENCE\` | \`${namespace}\` |`],
  ['.env.example', `\n#DATABASE_URL=sqlite:./data/${service}.db\n`, `\n#OIDC_AUDIENCE=${namespace}\n`],
  ['compose.yaml', `\nname: ${service}\n`, `\n  image: ${name}\n`, `\nservices:\n  ${service}:\n`],
  ['compose.yaml', `postgres://${service}:$`, `@postgres:5432/${service}\n`, `nats://${service}:$`],
  ['compose.yaml', `/realms/${namespace}}\n`, `\n  image: ${name}-keycloak\n`, `http://${service}:8080/v1/`],
  ['deploy/keycloak/realm.json', `"realm": "${namespace}"`, `"clientId": "${PRODUCT.docsClient}"`],
  ['compose.dev.yaml', `\nname: ${service}-dev\n`, `\n      POSTGRES_DB: ${service}\n`],
  ['Makefile', `logs --follow ${service}\n`],
  ['Dockerfile', `image.title="${name}"`],
  ['.github/workflows/ci.yml', `docker build --tag ${name} .`],
  ['docs/caching.md', `\`${namespace}:cache:`, `\`${namespace}:count:`, `\`${PRODUCT.metrics}cache_hits_total\``],
  ['docs/events.md', `\`${namespace}.\``, `\`${namespace}-dead-letters\``],
]

const HOME = 'src/patterns/product.ts'
/** How names of metrics end. */
const METRIC = '(?:[a-z]+_)*(?:total|bytes|seconds|busy|waiting|connections|workers)'
const SPELLED = new RegExp(`(?<![a-zA-Z])(?:${namespace}|${service}[-_]docs|${PRODUCT.metrics}${METRIC})(?![a-zA-Z])`)
const spells = ({ path, text }: Readonly<{ path: string; text: string }>): boolean =>
  path !== HOME && SPELLED.test(text)

describe('the name of the product', () => {
  it('is the end of the name of the package', () => {
    assert.ok(name === namespace || name.endsWith(`-${namespace}`), name)
  })

  for (const [path, ...lines] of SAID) {
    for (const line of lines) {
      it(`is said by ${path}: ${JSON.stringify(line)}`, () => assert.ok(textOf(path).includes(line)))
    }
  }

  it('is read by the code and its tests', () => {
    const files = filesBelow(fileURLToPath(ROOT)).filter((path) => /^(?:src|tests|scripts)\/.*\.[jt]s$/.test(path))
    const found = files.filter((path) => spells({ path, text: textOf(path) }))

    assert.ok(files.length > 500, `${files.length} files`)
    assert.deepEqual(found, [])
  })

  for (const text of [
    `'${namespace}'`,
    `'${service}-docs'`,
    `'${PRODUCT.metrics}hits_total'`,
    `'${PRODUCT.metrics}a_b_total'`,
    `['${PRODUCT.metrics}workers']`,
    `/^${namespace}\\./`,
  ]) {
    it(`would be caught: ${text}`, () => assert.ok(spells({ path: 'src/main/a.ts', text })))
  }
})
