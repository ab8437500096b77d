import { ServerRefused } from '../connection/server-refused.ts'

/** The queue is there, but cannot be used the way it, or this service, is set up. */
export class QueueRefused extends ServerRefused {}
