const { TEST_SIZE } = process.env

/**
 * How often, how many: a size for a clean machine (`npm test -- --all`), one for before a release (`npm run test:full`), and
 * a quick one for every day, if the usual one takes seconds of CPU.
 */
export function size(usual: number, full: number, quick = usual): number {
  if (TEST_SIZE === 'full') return full
  return TEST_SIZE === 'usual' ? usual : quick
}
