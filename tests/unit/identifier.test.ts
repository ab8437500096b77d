import { PostId } from '../../src/domains/entities/post.ts'
import { UserId } from '../../src/domains/entities/user.ts'
import { describeIdentifier } from './identifier.contract.ts'

for (const [name, Id] of Object.entries({ PostId, UserId })) describeIdentifier(name, Id)
