type Methods = readonly string[]

/** What a module shows to the outside: whatever is about all routes or services is tested on these. */
type Shown = Readonly<{
  /** Its protected routes, and the methods that each takes. */
  routes: Readonly<Record<string, Methods>>
  schemas: readonly string[]
  /** The codes of its own errors, with their status. */
  codes?: Readonly<Record<string, number>>
  /** The operation that takes a key, with its route. */
  keyed?: readonly [operationId: string, route: string]
  /** Its service over gRPC. */
  service?: string
}>

const LIST: Methods = ['GET', 'HEAD', 'POST']
const ITEM: Methods = ['DELETE', 'GET', 'HEAD', 'PUT']
const READ: Methods = ['GET', 'HEAD']

const SHOWN: Readonly<Record<string, Shown>> = {
  posts: {
    routes: { '/v1/posts': LIST, '/v1/posts/:id': ITEM },
    schemas: ['Post', 'PostPage'],
    codes: { 'post-not-found': 404 },
    keyed: ['writePost', 'post /v1/posts'],
    service: 'forum.v1.PostService',
  },
  comments: {
    routes: { '/v1/comments': LIST, '/v1/comments/:id': ITEM },
    schemas: ['Comment', 'CommentPage'],
    codes: { 'comment-not-found': 404 },
    keyed: ['writeComment', 'post /v1/comments'],
    service: 'forum.v1.CommentService',
  },
  notifications: {
    routes: {
      '/v1/notifications': READ,
      '/v1/notifications/stream': ['GET'],
      '/v1/notifications/:id/read': ['POST'],
    },
    schemas: ['Notification', 'NotificationPage'],
    service: 'forum.v1.NotificationService',
  },
  users: {
    routes: { '/v1/users/me': READ, '/v1/users/:id': READ },
    schemas: ['OwnUser', 'User'],
    codes: { 'user-not-found': 404 },
    service: 'forum.v1.UserService',
  },
}

const ALL = Object.values(SHOWN)

/** The methods of each protected route. */
export const ROUTES: Readonly<Record<string, Methods>> = Object.assign({}, ...ALL.map(({ routes }) => routes))

export const FORUM_CODES: Readonly<Record<string, number>> = Object.assign({}, ...ALL.map(({ codes }) => codes))

export const SCHEMAS = ALL.flatMap(({ schemas }) => schemas)
export const KEYED = ALL.flatMap(({ keyed }) => (keyed === undefined ? [] : [keyed]))
export const GRPC_SERVICES = ALL.flatMap(({ service }) => service ?? [])
