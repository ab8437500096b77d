import { describeWritten } from './written.contract.ts'

describeWritten('posts', { path: '/v1/posts', limit: 10_000, notFound: 'post-not-found', around: async () => ({}) })
