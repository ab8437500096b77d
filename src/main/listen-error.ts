type Port = Readonly<{ setting: string; host: string; port: number }>

/** A port cannot be opened: one sentence with its setting. */
export class ListenError extends Error {}

/** Waits for a server to listen. @throws {ListenError} */
export async function whenListening(server: Promise<unknown>, at: Port): Promise<void> {
  await server.catch((error) => {
    throw toListenError(error, at)
  })
}

function toListenError(error: NodeJS.ErrnoException, { setting, host, port }: Port): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new ListenError(`${setting} ${port} is in use`, { cause: error })
    case 'EACCES':
      return new ListenError(`${setting} ${port} may not be used by this user: choose one above 1023`, {
        cause: error,
      })
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new ListenError(`HTTP_HOST ${host} is not an address of this machine`, { cause: error })
    default:
      return error
  }
}
