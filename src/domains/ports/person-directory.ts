import type { PersonNews } from '../entities/person-news.ts'

/** All people whom the identity provider knows. What it says of one has each fact, and the time at which it was read. */
export interface PersonDirectory {
  /** Everyone, page by page. People who change meanwhile may be missing. @throws {DependencyUnavailable} */
  pages(): AsyncIterable<readonly PersonNews[]>

  /** Null when there is no such person. @throws {DependencyUnavailable} */
  find(subject: string): Promise<PersonNews | null>
}
