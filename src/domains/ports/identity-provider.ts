import type { Actor } from '../entities/actor.ts'

/** Vouches for who is calling. */
export interface IdentityProvider {
  /**
   * The bearer of an access token, as the provider describes it.
   *
   * @throws {InvalidToken} when the token is not a valid access token for this service: its message says why, without a
   *   word of the token
   * @throws {DependencyUnavailable} when the provider's keys are needed and were never seen
   */
  authenticate(token: string): Promise<Actor>

  /** @throws {DependencyUnavailable} when the provider's keys could not be read when they were asked for last */
  ping(): Promise<void>
}
