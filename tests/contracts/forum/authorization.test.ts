import { describeAuthorization } from './authorization.contract.ts'
import { AUTHORIZATION_ENGINES } from './authorization-engines.ts'

for (const [name, engine] of Object.entries(AUTHORIZATION_ENGINES)) describeAuthorization(name, engine)
