/** The parameters of a URL by their names in libpq. */
export type Parameters = Readonly<Record<string, string>>

const TRUTH = ['true', 'false']

/** What each may be; those of which nothing is listed may be anything. */
const KNOWN: Readonly<Record<string, readonly string[] | null>> = {
  host: null,
  port: null,
  dbname: null,
  user: null,
  password: null,
  sslmode: ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'],
  ssl: TRUTH,
  sslrootcert: null,
  sslcert: null,
  sslkey: null,
  sslpassword: null,
  sslnegotiation: ['postgres', 'direct'],
  channel_binding: ['disable', 'prefer', 'require'],
  target_session_attrs: ['any', 'read-write', 'primary'],
  application_name: null,
  options: null,
  connect_timeout: null,
  pgbouncer: TRUTH,
  // those that change nothing here
  fallback_application_name: null,
  client_encoding: ['auto', 'utf8', 'UTF8'],
  gssencmode: ['disable', 'prefer'],
  load_balance_hosts: ['disable'],
  keepalives: ['0', '1'],
  keepalives_idle: null,
  keepalives_interval: null,
  keepalives_count: null,
  tcp_user_timeout: null,
  uselibpqcompat: TRUTH,
}

export function readParameters(query: string, decode: (text: string) => string): Parameters {
  const pairs = query.split('&').filter((pair) => pair !== '')
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name = '', ...value] = pair.split('=')
      return [decode(name), decode(value.join('='))]
    }),
  )
}

/** What is wrong with them, or null. Names the parameter, not its value. */
export function checkParameters(parameters: Parameters): string | null {
  for (const [name, value] of Object.entries(parameters)) {
    const allowed = Object.hasOwn(KNOWN, name) ? KNOWN[name] : undefined
    if (allowed === undefined) return `has a parameter that is not known: ${readable(name)}`
    if (allowed !== null && !allowed?.includes(value)) return `must have ${name} as one of ${allowed?.join(', ')}`
    if (value === '') return `has an empty parameter: ${name}`
  }
  return checkTogether(parameters)
}

function checkTogether({ sslmode, sslrootcert, sslcert, sslkey, sslnegotiation, connect_timeout }: Parameters) {
  if (sslmode === 'verify-ca' && sslrootcert === undefined) return 'must name sslrootcert for sslmode=verify-ca'
  if (sslrootcert === 'system' && sslmode !== 'verify-full')
    return 'must have sslmode=verify-full for sslrootcert=system'
  if ((sslcert === undefined) !== (sslkey === undefined)) return 'must name sslcert and sslkey together'
  if (sslnegotiation === 'direct' && !/^(require|verify-)/.test(sslmode ?? '')) {
    return 'must have sslmode=require, verify-ca or verify-full for sslnegotiation=direct'
  }
  if (!/^\d{1,4}$/.test(connect_timeout ?? '1')) return 'must have connect_timeout as a number of seconds'
  return null
}

/** What was meant as a part of a password is not repeated. */
const readable = (name: string): string => (/^[a-z_]{1,40}$/i.test(name) ? name : 'its name is not readable')
