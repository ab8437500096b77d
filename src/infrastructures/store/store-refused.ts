/**
 * The database cannot be used as it is set up, however long one waits. The message names the setting, the place and the
 * cause. The setting is wrong (78), unless a disk may be to blame (1).
 */
export class StoreRefused extends Error {
  readonly exitCode: 78 | 1

  constructor(message: string, exitCode: 78 | 1 = 78) {
    super(message)
    this.exitCode = exitCode
  }
}
