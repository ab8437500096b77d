/** The schema of the database is not the one that this code needs. `hint` tells the operator what helps. */
export class SchemaMismatch extends Error {
  readonly hint: string

  constructor(message: string, hint: string) {
    super(message)
    this.hint = hint
  }
}
