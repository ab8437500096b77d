import { createRequire } from 'node:module'

/**
 * Drizzle by `require`: as ES modules its hundreds of files take 0.8 s of CPU instead of 0.1, because Node.js parses the
 * exports of the package (5,000 lines) again for each of them.
 */
const require = createRequire(import.meta.url)

export const { sql } = require('drizzle-orm') as typeof import('drizzle-orm')
export const mysql = require('drizzle-orm/mysql-core') as typeof import('drizzle-orm/mysql-core')
export const postgres = require('drizzle-orm/pg-core') as typeof import('drizzle-orm/pg-core')
export const sqlite = require('drizzle-orm/sqlite-core') as typeof import('drizzle-orm/sqlite-core')
