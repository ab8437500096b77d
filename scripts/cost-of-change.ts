/**
 * What a change of one aggregate costs: for each noun of the forum, the files of `src` that name it besides its own files.
 * Fails when shared ones are more than the number below. Lower a number when you can; raise none.
 *   npm run check:cost
 */

import { FORUM } from '../src/infrastructures/store/aggregates/forum.ts'
import { readHouse } from '../tests/architecture/source-file.ts'
import { complaintsOf, costsOf } from './cost/nouns.ts'

/** So many shared files a new aggregate may need. */
const MOST = 4

/** Nouns that need more. */
const LIMITS = { user: 11, post: 7, comment: 6, notification: 5 }

const nouns = Object.values(FORUM.aggregates).map(({ type }) => type)
const costs = costsOf(nouns, readHouse(new URL('../src/', import.meta.url)))

for (const { noun, shared, related } of costs) {
  console.log(`${noun}: named by ${shared.length} shared files, and by ${related.length} of other nouns`)
  for (const path of shared) console.log(`  src/${path}`)
}

const complaints = complaintsOf(costs, LIMITS, MOST)
for (const complaint of complaints) console.error(complaint)
if (complaints.length > 0) process.exitCode = 1
