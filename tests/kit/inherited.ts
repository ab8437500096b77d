const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env

/** All that a process under test takes from the environment of the tests: where programs are, and what was compiled before. */
export const INHERITED = { PATH, NODE_COMPILE_CACHE }
