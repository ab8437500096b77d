import { fileURLToPath } from 'node:url'
import { FORUM } from '../../src/infrastructures/store/aggregates/forum.ts'
import type { DialectName } from '../../src/infrastructures/store/sql/dialect.ts'
import { tablesOf } from '../../src/infrastructures/store/technical-tables.ts'

const MODELS = fileURLToPath(new URL('models.ts', import.meta.url))

/** The text of a module that exports the models one by one, as drizzle-kit wants them. */
export const moduleOf = (dialect: DialectName): string =>
  [
    `import { modelsOf } from '${MODELS}'`,
    `const models = modelsOf('${dialect}')`,
    ...tablesOf(FORUM.aggregates).map(({ name }) => `export const ${name} = models.${name}`),
  ].join('\n')
