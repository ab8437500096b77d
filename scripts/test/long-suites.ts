/**
 * Suites that take half of the time of all, and prove what few changes touch: `npm test` leaves them out, unless they are
 * named. `npm test -- --all`, which `.ci/run` calls, and `npm run test:full` run them.
 */
export const LONG: readonly string[] = [
  'tests/browser/', // Chromium signs in, calls and listens, by pages that the suites of http/ read, too
  'tests/contracts/revision.test.ts', // a generator of migrations, on copies of the tree
  'tests/e2e/causes-later.test.ts', // servers that are away, waited for
  'tests/e2e/notification-stopping.test.ts', // what stopping.test.ts says of timers, with a stream in each place
  'tests/e2e/rename.test.ts', // the whole tree renamed, twice
  'tests/e2e/settings-file.test.ts', // files that change while the service runs; unit/settings.test.ts has the rules
  'tests/e2e/signals.test.ts', // each signal at each moment of a life; stopping.test.ts has SIGTERM
  'tests/e2e/test-report.test.ts', // npm test, called by a test
  'tests/e2e/token-command.test.ts', // where npm run token finds services; README's calls are in documented-commands.test.ts
]

export const isLong = (file: string): boolean => LONG.some((path) => file.replaceAll('\\', '/').startsWith(path))
