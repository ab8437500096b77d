/** How often, how many: a size for every day, and one for before a release (`npm run test:full`). */
export const size = (small: number, full: number): number => (process.env['TEST_SIZE'] === 'full' ? full : small)
