import { startRabbitmqCluster } from '../../kit/rabbitmq-cluster.ts'
import { describeCluster } from './kit/describe-cluster.ts'

describeCluster({ name: 'RabbitMQ', kind: 'rabbitmq', open: startRabbitmqCluster })
