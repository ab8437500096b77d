import type { Actor } from '../entities/actor.ts'

/** Vouches for who is calling. */
export interface IdentityProvider {
  /**
   * The bearer of an access token, as the provider describes it.
   *
   * @throws {InvalidToken} when the token is not a valid access token for this service
   * @throws {DependencyUnavailable} when the provider's keys are needed and were never seen
   */
  authenticate(token: string): Promise<Actor>
}
