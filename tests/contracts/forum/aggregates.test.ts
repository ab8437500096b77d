import { describe } from 'node:test'
import { FORUM } from '../../../src/infrastructures/store/aggregates/forum.ts'
import { aComment, aNotification, aPost, aUser, noon } from '../../fixtures.ts'
import { describeAggregates } from '../aggregates.contract.ts'

describe('what the forum keeps', () => {
  describeAggregates(FORUM.aggregates, {
    users: aUser({ removedAt: noon, subject: 'auth0|zoe', identityRecord: '{}' }),
    posts: aPost(),
    comments: aComment(),
    notifications: aNotification({ readAt: noon }),
  })
})
