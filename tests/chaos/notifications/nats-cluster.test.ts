import { startNatsCluster } from '../../kit/nats-cluster.ts'
import { describeCluster } from './kit/describe-cluster.ts'

describeCluster({ name: 'NATS', kind: 'nats', open: startNatsCluster })
