import { PoisonMessage } from '../../domains/ports/message-queue.ts'

/** Why a message cannot be understood, now or ever. Says nothing that the message says: the reason ends up in headers and logs. */
export const malformedEvent = (why: string): PoisonMessage => new PoisonMessage(`undecodable: ${why}`)
