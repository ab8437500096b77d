import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { freshDatabase } from './fresh-database.ts'

/** The least helpful defaults that an operator may have given to a role, all of which change what a session says or does. */
const DEFAULTS = {
  default_transaction_isolation: 'serializable',
  default_transaction_deferrable: 'on',
  DateStyle: 'SQL, DMY',
  TimeZone: 'Asia/Kathmandu',
  IntervalStyle: 'sql_standard',
  bytea_output: 'escape',
  client_encoding: 'LATIN1',
  standard_conforming_strings: 'off',
  extra_float_digits: '-5',
  search_path: '',
  row_security: 'off',
  statement_timeout: '500ms',
  lock_timeout: '500ms',
}

/** An empty database whose owner is such a role, by which `url` connects. */
export async function oddDatabase() {
  const { url, drop } = await freshDatabase()
  const role = `forum_odd_${randomBytes(6).toString('hex')}`
  const admin = new Client({ connectionString: url })
  await admin.connect()
  await admin.query(`create role ${role} login`)
  await admin.query(`alter database ${new URL(url).pathname.slice(1)} owner to ${role}`)
  for (const [name, value] of Object.entries(DEFAULTS)) await admin.query(`alter role ${role} set ${name} = '${value}'`)

  async function dropAll(): Promise<void> {
    await admin.end()
    await drop()
    const server = new Client({ connectionString: Object.assign(new URL(url), { pathname: '/postgres' }).href })
    await server.connect()
    await server.query(`drop role ${role}`)
    await server.end()
  }

  return { url: Object.assign(new URL(url), { username: role }).href, directUrl: url, drop: dropAll }
}
