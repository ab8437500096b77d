/**
 * A server is there, but cannot be used the way it, or this service, is set up: no later attempt does better until an
 * operator acts. `hint` tells what helps, and is empty where the message does.
 */
export class ServerSetupError extends Error {
  readonly hint: string

  constructor(message: string, hint = '', options?: ErrorOptions) {
    super(message, options)
    this.hint = hint
  }
}
