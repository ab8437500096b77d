import { describe } from 'node:test'
import { FORUM } from '../../../src/infrastructures/store/aggregates/forum.ts'
import { aPost, aUser, noon } from '../../fixtures.ts'
import { aComment } from '../../kit/comments.ts'
import { aNotification } from '../../kit/notifications.ts'
import { describeAggregates } from '../aggregates.contract.ts'

describe('what the forum keeps', () => {
  describeAggregates(FORUM.aggregates, {
    users: aUser({ removedAt: noon, subject: 'auth0|zoe', identityRecord: '{}' }),
    posts: aPost(),
    comments: aComment(),
    notifications: aNotification({ readAt: noon }),
  })
})
