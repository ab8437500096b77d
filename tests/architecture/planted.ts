// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the samples are source texts
import type { RuleName } from './rules.ts'

type Plant = readonly [path: string, text: string]

const ENTITY = 'domains/entities/post.ts'
const RETRY = 'patterns/retry.ts'
const ROUTE = 'controllers/http/v1/posts.ts'
const POSTGRES = 'infrastructures/store/postgres/commit.ts'
const EVERY_FORM = (from: string): readonly string[] => [
  `import '${from}'`,
  `import a from '${from}'`,
  `import { type A } from '${from}'`,
  `import type { A } from '${from}'`,
  `export { a } from '${from}'`,
  `export * from '${from}'`,
  `export type { A } from '${from}'`,
  `const a = await import('${from}')`,
  `type A = import('${from}').A`,
  `const a = import.meta.resolve('${from}')`,
  `const a = require('${from}')`,
]
const each = (path: string, texts: readonly string[]): readonly Plant[] => texts.map((text) => [path, text])

/** For each rule what it must catch, and what looks alike and is right. */
export const PLANTED: Readonly<Record<RuleName, Readonly<{ caught: readonly Plant[]; left: readonly Plant[] }>>> = {
  'the tree is the diagram': {
    caught: [
      ['services/post.ts', ''],
      ['app.ts', ''],
      ['readme.md', ''],
      ['domain/entities/post.ts', ''],
    ],
    left: [['main.ts', `import './main/config.ts'`]],
  },
  'there are no barrels': {
    caught: [
      ['domains/index.ts', ''],
      ['controllers/http/index.js', ''],
    ],
    left: [['patterns/reindex.ts', '']],
  },
  'there are no drawers': {
    caught: ['utils', 'util', 'common', 'shared', 'helpers', 'helper', 'lib', 'abstraction'].flatMap((name) => [
      [`domains/${name}/a.ts`, ''],
      [`patterns/${name}.ts`, ''],
    ]),
    left: [['patterns/shared-nothing.ts', '']],
  },
  'names are words of the field': {
    caught: [
      ['patterns/bell.ts', ''],
      ['infrastructures/message-queue/memory/mailboxes.ts', ''],
      ['infrastructures/store/lanes/commit.ts', ''],
      [POSTGRES, 'const openLanes = 1'],
      [POSTGRES, 'const { patienceMs } = options'],
      [POSTGRES, 'type KnownDebt = string'],
      [ROUTE, 'const MOST_TAGS = 20'],
      [ROUTE, 'const LEAST_AGE_MS = 20'],
      [ENTITY, 'mustBeActive(user)'],
    ],
    left: [
      [POSTGRES, '// a lane of its own, for whose patience there are bounds'],
      [ROUTE, "const text = 'bell'"],
      [RETRY, 'const isPlaned = string'],
      [RETRY, 'const must = mustard'],
    ],
  },
  'files are small': {
    caught: [['main/config.ts', 'const a = 1\n'.repeat(251)]],
    left: [['main/config.ts', 'const a = 1\n'.repeat(250)]],
  },
  'imports point downwards': {
    caught: [
      ...each(ENTITY, EVERY_FORM('../../infrastructures/store/driver.ts')),
      [ENTITY, `import '../../controllers/http/errors.ts'`],
      [ENTITY, `import '../../main.ts'`],
      [ENTITY, `import '../../main/container.ts'`],
      [RETRY, `import '../domains/errors/domain-error.ts'`],
      [RETRY, `import '../infrastructures/store/store-errors.ts'`],
      [ROUTE, `import type { Store } from '../../../infrastructures/store/driver.ts'`],
      [ROUTE, `import '../../../main/container.ts'`],
      [POSTGRES, `import '../../../controllers/http/errors.ts'`],
      [POSTGRES, `import '../../../main/config.ts'`],
      [ROUTE, `import '../../../elsewhere/a.ts'`],
      ['development/issuer/issuer.ts', `import '../../infrastructures/authentication/oidc/issuer-keys.ts'`],
    ],
    left: [
      ['main/container.ts', `import '../controllers/http/server.ts'\nimport '../infrastructures/store/open-store.ts'`],
      [ROUTE, `import type { Post } from '../../../domains/entities/post.ts'\nimport '../../../patterns/page.ts'`],
      [POSTGRES, `import '../driver.ts'\nimport '../../../domains/errors/change-errors.ts'`],
      [ENTITY, `// import '../../infrastructures/store/driver.ts'\nimport '../../patterns/brand.ts'`],
    ],
  },
  'imports within the domain point downwards': {
    caught: [
      ['domains/usecases/posts/write-post.ts', `import type { A } from '../../services/post-service.ts'`],
      [ENTITY, `import type { Store } from '../ports/store.ts'`],
      [ENTITY, `import '../usecases/posts/write-post.ts'`],
      ['domains/ports/store.ts', `import '../usecases/posts/write-post.ts'`],
      ['domains/ports/store.ts', `import '../../patterns/page.ts'`],
      ['domains/errors/post-errors.ts', `import type { Post } from '../entities/post.ts'`],
      ['domains/policies/a.ts', ''],
      ['domains/a.ts', ''],
    ],
    left: [
      ['domains/services/post-service.ts', `import '../usecases/posts/write-post.ts'\nimport '../ports/store.ts'`],
      ['domains/usecases/posts/write-post.ts', `import '../../entities/post.ts'\nimport '../../events/post-events.ts'`],
      ['domains/ports/store.ts', `import type { Post } from '../entities/post.ts'\nimport './list-query.ts'`],
    ],
  },
  'imports can be read and stay in the house': {
    caught: [
      ['main/a.ts', 'import(`./${name}.ts`)'],
      ['main/a.ts', `import('./' + name)`],
      ['main/a.ts', `import '../../tests/fixtures.ts'`],
      ['main/a.ts', `import '#config'`],
      ['main/a.ts', `import '/etc/a.ts'`],
      ['main/a.ts', `import 'file:///etc/a.ts'`],
      ['main/a.ts', `import 'data:text/javascript,1'`],
    ],
    left: [['main/a.ts', `import './b.ts'\nimport '../main.ts'\nimport 'node:fs'`]],
  },
  'the core stands on nothing': {
    caught: [
      ...each(ENTITY, EVERY_FORM('typebox')),
      ...each(RETRY, EVERY_FORM('node:timers/promises')),
      [ENTITY, `import fs from 'fs'`],
      [RETRY, `import type { Retry } from '@some/retry/types'`],
    ],
    left: [[ENTITY, `import { A } from '../errors/a.ts' // not 'typebox'`]],
  },
  'each package has a home': {
    caught: [
      [ROUTE, `import type { Client } from 'pg'`],
      [ROUTE, `import { DatabaseSync } from 'node:sqlite'`],
      ['infrastructures/store/sqlite/connection.ts', `import pg from 'pg'`],
      [POSTGRES, `import 'node:sqlite'`],
      [POSTGRES, `import { sql } from 'drizzle-orm'`],
      [POSTGRES, `import type { A } from 'drizzle-orm/pg-core'`],
      ['main/container.ts', `import fastify from 'fastify'`],
      ['controllers/health/health-server.ts', `import type { FastifyInstance } from 'fastify'`],
      [POSTGRES, `import { Type } from 'typebox'`],
      ['main/config.ts', `import ajv from 'ajv/dist/2020.js'`],
      ['infrastructures/telemetry/logger.ts', `import cors from '@fastify/cors'`],
      [ROUTE, `import { jwtVerify } from 'jose'`],
      ['main/identity.ts', `await import('oidc-provider')`],
      ['infrastructures/authentication/oidc/discovery.ts', `import type { Provider } from 'oidc-provider'`],
      ['main/container.ts', `import type { Logger } from 'pino'`],
      ['main/container.ts', `import _ from 'lodash'`],
      ['main/container.ts', `import fs from 'fs'`],
    ],
    left: [
      [ROUTE, `import { Type } from 'typebox'\nimport { createHash } from 'node:crypto'`],
      [POSTGRES, `import { Pool } from 'pg'`],
      ['development/issuer/mint-token.ts', `import { SignJWT } from 'jose'`],
      ['infrastructures/authentication/oidc/issuer-keys.ts', `import { jwtVerify } from 'jose'`],
      ['infrastructures/telemetry/logger.ts', `import pino from 'pino'`],
    ],
  },
  'production needs no development dependency': {
    caught: [
      ['controllers/http/docs/redoc.ts', `import.meta.resolve('redoc/bundles/redoc.standalone.js')`],
      ['infrastructures/authentication/oidc/discovery.ts', `await import('oidc-provider')`],
      [POSTGRES, `import { sql } from 'drizzle-orm'`],
      ['main/config.ts', `import ts from 'typescript'`],
    ],
    left: [
      ['development/issuer/provider.ts', `await import('oidc-provider')`],
      ['infrastructures/telemetry/logger.ts', `import pretty from 'pino-pretty'`],
    ],
  },
  'production cannot load what is there for development': {
    caught: [
      ['main/identity.ts', `await import('../development/issuer/issuer.ts')`],
      ['main/commands/seed.ts', `import type { Identity } from '../../development/issuer/account-claims.ts'`],
      ['main.ts', `import './development/issuer/issuer.ts'`],
    ],
    left: [
      ['main/development.ts', `await import('../development/issuer/issuer.ts')`],
      ['development/issuer/issuer.ts', `import './accounts.ts'`],
    ],
  },
  'technologies do not know each other': {
    caught: [
      ...each(POSTGRES, EVERY_FORM('../sqlite/errors.ts')),
      ['infrastructures/authentication/oidc/issuer-keys.ts', `import '../../store/memory/memory-driver.ts'`],
      ['infrastructures/store/sql/list-statement.ts', `import '../postgres/commit.ts'`],
    ],
    left: [
      [POSTGRES, `import './errors.ts'\nimport '../driver.ts'\nimport '../sql/list-statement.ts'`],
      ['infrastructures/store/open-store.ts', `import './postgres/open.ts'\nimport './sqlite/open.ts'`],
    ],
  },
  'time, chance and the process are arguments of the core': {
    caught: [
      ...each(ENTITY, ['new Date()', 'new Date', 'const a = new Date\n', 'Date()', 'Date.now()', 'Math.random()']),
      ...each(ENTITY, [
        'const { now } = Date.now',
        'crypto.randomUUID()',
        'randomUUID()',
        'globalThis.Date',
        'fetch(a)',
      ]),
      ...each(RETRY, [
        'process.env',
        'setTimeout(a, 1)',
        'console.log(1)',
        'const a = { ...process }',
        'performance.now()',
      ]),
    ],
    left: [
      [ENTITY, `const a = new Date(at) // not new Date()`],
      [ENTITY, `const a = (at: Date) => at.getTime()`],
      [RETRY, `const a = { sleep, random, text: 'process.env' }`],
      [RETRY, `const a = some.process`],
      [POSTGRES, `const a = new Date(), b = process.env`],
    ],
  },
  'the domain does not speak of technology': {
    caught: [
      [ENTITY, '/** Sent as JSON. */'],
      [ENTITY, 'const httpStatus = 404'],
      [ENTITY, '// kept in PostgreSQL'],
      [ENTITY, `const code = 'jwt'`],
      ['domains/ports/sql-store.ts', ''],
      ['domains/errors/domain-error.ts', '/** Fastify maps it. */'],
    ],
    left: [
      [ENTITY, '/** A UUID (RFC 9562), kept by the store. */'],
      [RETRY, '/** Used by HTTP. */'],
    ],
  },
  'adapters know no noun': {
    caught: [
      [POSTGRES, "const table = 'posts'"],
      [POSTGRES, 'type Row = { post: string }'],
      [POSTGRES, `import type { PostId } from '../../../domains/entities/post.ts'`],
      ['infrastructures/cache/redis/coalesced-loads.ts', '/** Such as posts. */'],
      ['infrastructures/message-queue/nats/publish.ts', 'const isNewPost = true'],
      [RETRY, '/** Tries a post again. */'],
    ],
    left: [
      [POSTGRES, "const name = 'PostgreSQL'"],
      [POSTGRES, 'await session.post(question)'],
      ['infrastructures/store/aggregates/post.ts', "const table = 'posts'"],
      [ROUTE, "const path = '/posts'"],
    ],
  },
}
