/** What is wrong with a URL of MongoDB. Names the part, never a secret. */
export class InvalidMongodbUrl extends Error {}

export type MongodbUrl = Readonly<{
  /** As it was given, for the driver. */
  text: string
  database: string
  /** Without credentials and parameters: `one:27017,two:27017/forum`. */
  place: string
}>

const FORM =
  /^mongodb(?<srv>\+srv)?:\/\/(?:[^@/?#]*@)?(?<hosts>[^@/?#]+)(?:\/(?<database>[^@/?#]*))?(?:\?(?<query>[^#]*))?$/
const HOST = /^(?:\[[\da-f:.]+\]|[a-z\d_.-]+|[^:]*%2f[^:]*\.sock)(?::(?<port>\d{1,5}))?$/i

/** Where a URL names no database. */
const DEFAULT_DATABASE = 'forum'

/** Parameters without which an acknowledged change could be lost, or seen late: they have one value. */
const FIXED: Readonly<Record<string, RegExp>> = {
  w: /^majority$/,
  journal: /^true$/,
  j: /^true$/,
  readpreference: /^primary$/,
  readconcernlevel: /^majority$/,
  retrywrites: /^true$/,
  retryreads: /^true$/,
}

/**
 * Reads `mongodb://user:password@host:27017,host:27017/database?replicaSet=…`, or `mongodb+srv://…`.
 *
 * @throws {InvalidMongodbUrl}
 */
export function parseMongodbUrl(text: string): MongodbUrl {
  const { srv, hosts = '', database = '', query = '' } = FORM.exec(text)?.groups ?? fail(BAD_FORM)
  for (const host of hosts.split(',')) checkHost(host)
  if (srv !== undefined && /[,:]/.test(hosts)) fail('must name one host without a port after mongodb+srv://')
  for (const [name, value] of new URLSearchParams(query)) {
    const allowed = FIXED[name.toLowerCase()]
    if (allowed?.test(value) === false) fail(`must not change ${name}: nothing that was acknowledged may be lost`)
  }
  const name = decode(database) || DEFAULT_DATABASE
  if (/[/\\. "$*<>:|?\0]/.test(name)) fail('must name a database without special characters')
  return { text, database: name, place: `${hosts}/${name}` }
}

const BAD_FORM =
  'must be mongodb://<user>:<password>@<host>:<port>/<database>, with what is special in a password encoded: @ as %40'

function checkHost(host: string): void {
  const { port = '27017' } = HOST.exec(host)?.groups ?? fail('must name a host, or several')
  if (Number(port) < 1 || Number(port) > 65_535) fail('must name a port from 1 to 65535')
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return fail('must encode what is special in the name of its database: % as %25')
  }
}

function fail(problem: string): never {
  throw new InvalidMongodbUrl(problem)
}
