/**
 * A server answers, but cannot be used as it, or this service, is configured: all later attempts fail until an operator acts.
 * `hint` says what to do; it is empty if the message does.
 */
export class ServerSetupError extends Error {
  readonly hint: string

  constructor(message: string, hint = '', options?: ErrorOptions) {
    super(message, options)
    this.hint = hint
  }
}
