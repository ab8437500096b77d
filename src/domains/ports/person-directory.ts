import type { PersonNews } from '../entities/person-news.ts'

/** All people of the identity provider. Each comes with all facts and the time at which they were read. */
export interface PersonDirectory {
  /** All people, page by page. People who change meanwhile may be missing. @throws {DependencyUnavailable} */
  pages(): AsyncIterable<readonly PersonNews[]>

  /** Null when there is no such person. @throws {DependencyUnavailable} */
  find(subject: string): Promise<PersonNews | null>
}
