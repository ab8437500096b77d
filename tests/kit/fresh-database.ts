import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { postgresUrl } from './engines.ts'

/** An empty database of its own on the PostgreSQL of the tests, and how to drop it, even with open connections. */
export async function freshDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  if (postgresUrl === null) throw new Error('TEST_POSTGRES_URL is not set.')
  const name = `forum_test_${randomBytes(6).toString('hex')}`
  const url = new URL(postgresUrl)
  url.pathname = `/${name}`

  await onServer(`create database ${name}`)
  return { url: url.href, drop: () => onServer(`drop database if exists ${name} with (force)`) }
}

async function onServer(statement: string): Promise<void> {
  const client = new Client({ connectionString: postgresUrl ?? '' })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
