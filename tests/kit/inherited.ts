const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env

/**
 * All that a process under test takes from the environment of the tests: where programs are, and what was compiled before.
 * Without a port of its own it has no gRPC: only one process can have the default port.
 */
export const INHERITED = { PATH, NODE_COMPILE_CACHE, GRPC_PORT: 'off' }
