/**
 * Suites that take half of the time of all, and prove what few changes touch: `npm test` leaves them out, unless they are
 * named. `npm test -- --all`, which `.ci/run` calls, and `npm run test:full` run them.
 */
export const LONG: readonly string[] = [
  'tests/browser/behind-a-proxy.test.ts', // the pages of docs.test.ts at the addresses of e2e/behind-a-proxy.test.ts
  'tests/contracts/revision.test.ts', // a generator of migrations, on copies of the tree
  'tests/e2e/causes-later.test.ts', // servers that are away, waited for
  'tests/e2e/notification-stopping.test.ts', // what stopping.test.ts says of timers, with a stream in each place
  'tests/e2e/rename.test.ts', // the whole tree renamed, twice
]

export const isLong = (file: string): boolean => LONG.includes(file.replaceAll('\\', '/'))
