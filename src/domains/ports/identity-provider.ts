import type { Actor } from '../entities/actor.ts'

/** Authenticates callers. */
export interface IdentityProvider {
  /**
   * The bearer of an access token, as the provider describes it.
   *
   * @throws {InvalidToken} when the token is not a valid access token for this service: its message says why, without any
   *   part of the token
   * @throws {DependencyUnavailable} when the provider's keys are needed and were never read
   */
  authenticate(token: string): Promise<Actor>

  /** @throws {DependencyUnavailable} when the last attempt to read the provider's keys failed */
  ping(): Promise<void>
}
