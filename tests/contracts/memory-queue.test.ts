import { skipWithout } from '../kit/engines.ts'
import { describeMessageQueue } from './message-queue.contract.ts'

const features = { isShared: false, noticesRepetition: true, skip: skipWithout('memory') }

describeMessageQueue('the memory queue', { choice: { kind: 'memory' } }, features)
