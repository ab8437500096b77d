import { identifier } from '../../domains/entities/identifier.ts'
import { URL_NAMESPACE, uuidV5 } from '../identifiers/uuid-v5.ts'

/** A subject that is a UUID is the id; of any other, the id is the UUID of version 5 in the namespace of its issuer. */
export function subjectIds<Id extends string>(issuer: string): (subject: string) => Id {
  const namespace = uuidV5(URL_NAMESPACE, issuer)
  const Uuid = identifier<Id>('subject')
  return (subject) => {
    try {
      return Uuid.parse(subject)
    } catch {
      return uuidV5(namespace, subject)
    }
  }
}
