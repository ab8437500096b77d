/** The compose files, as far as they can be proven without Docker: a stack that cannot start is seen here. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PRODUCT } from '../../src/patterns/product.ts'
import { type ComposeFile, readCompose, readText } from '../kit/compose.ts'
import { COMPOSE_RULES } from './compose-rules.ts'

const FILES = { 'compose.yaml': readCompose('compose.yaml'), 'compose.dev.yaml': readCompose('compose.dev.yaml') }
const REALM = readText('deploy/keycloak/realm.json')

/** A stack that breaks each rule once. */
const PLANTED: Readonly<Record<keyof typeof COMPOSE_RULES, ComposeFile['services']>> = {
  'keys are those of Docker Compose': { a: { image: 'a:1.0', imagee: 'b' } as object },
  'what is waited for is there, and can come about': {
    a: { depends_on: { b: { condition: 'service_healthy' } } },
    b: { image: 'b:1.0' },
  },
  'a job that ends is waited for': { a: { image: 'a:1.0', restart: 'no' } },
  'images are pinned': { a: { image: 'a:latest' } },
  'nothing is published beyond this machine': { a: { ports: ['5432:5432'] } },
  'networks and volumes are declared': { a: { volumes: ['data:/data'] } },
}

for (const [path, file] of Object.entries(FILES)) {
  describe(path, () => {
    for (const [name, rule] of Object.entries(COMPOSE_RULES)) it(name, () => assert.deepEqual(rule(file), []))

    it('gives the realm all that it asks for', () => {
      const { keycloak, realm = keycloak } = file.services
      const asked = [...REALM.matchAll(/\$\{([A-Z_]+)\}/g)].map(([, variable = '']) => variable)

      assert.ok(asked.length > 5)
      assert.deepEqual(new Set(asked).difference(new Set(Object.keys(realm?.environment ?? {}))), new Set())
    })
  })
}

describe('the rules for compose files', () => {
  for (const [name, rule] of Object.entries(COMPOSE_RULES)) {
    it(`catch a violation: ${name}`, () => {
      assert.notDeepEqual(rule({ name: 'planted', services: PLANTED[name as keyof typeof PLANTED] }), [])
    })
  }
})

describe('the secrets of the stack', () => {
  it('are nowhere in compose.yaml, nor in the realm', () => {
    const secrets = /(?:PASSWORD|SECRET|TOKEN|_KEYS)\w*$|^secret$|^value$/
    const values = Object.values(FILES['compose.yaml'].services).flatMap(({ environment = {} }) =>
      Object.entries(environment),
    )
    const fields = [...REALM.matchAll(/"(\w+)": "([^"]*)"/g)].map(([, name = '', value = '']) => [name, value] as const)
    const found = [...values, ...fields].filter(([name]) => secrets.test(name))

    assert.ok(found.length > 10)
    assert.deepEqual(
      found.filter(([, value]) => value !== null && !/^\$\{[A-Z_]+(?::[?][^}]*)?\}$/.test(value)),
      [],
    )
  })

  it('of development are those that production refuses', () => {
    const { environment = {} } = FILES['compose.dev.yaml'].services['keycloak'] ?? {}

    assert.match(environment['KEYCLOAK_ADMIN_CLIENT_SECRET'] ?? '', /^example-/)
  })
})

describe('Keycloak and OpenFGA of the stack', () => {
  const dockerfile = readText('deploy/keycloak/Dockerfile')
  const engines = readText('scripts/engines')

  it('are those that the tests run on', () => {
    const [, keycloak, events] = /^keycloak\(\) \{\n.* version=(\S+) events=(\S+) /m.exec(engines) ?? []
    const [, openfga] = /^openfga\(\) \{\n {2}local version=(\S+) /m.exec(engines) ?? []

    assert.deepEqual(
      [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image),
      Array(2).fill(`quay.io/keycloak/keycloak:${keycloak}`),
    )
    assert.ok(dockerfile.includes(`/keycloak-events-${events}.jar `), dockerfile)
    for (const { services } of Object.values(FILES))
      assert.equal(services['openfga']?.image, `openfga/openfga:${openfga}`)
  })

  it('are built as scripts/engines builds them, and downloads are checked', () => {
    for (const option of ['--cache=local', '--health-enabled=true', '--spi-events-store--provider=jpa']) {
      assert.ok(dockerfile.includes(option) && engines.includes(option), option)
    }
    assert.match(dockerfile, /ADD .*--checksum=sha256:[\da-f]{64} /)
  })

  it('are called as the product is', () => {
    const { realm, clients, roles } = JSON.parse(REALM)

    assert.deepEqual([realm, clients[0].clientId], [PRODUCT.namespace, PRODUCT.docsClient])
    assert.equal(clients[0].protocolMappers[0].config['included.custom.audience'], PRODUCT.namespace)
    assert.equal(roles.realm[0].name, 'super_admin')
  })
})
