/** The queue is there, but cannot be used the way it, or this service, is set up. `hint` tells the operator what helps. */
export class QueueRefused extends Error {
  readonly hint: string

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options)
    this.hint = hint
  }
}
