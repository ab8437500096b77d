export type RabbitmqNames = ReturnType<typeof rabbitmqNames>

/** The names of the exchanges and queues of a namespace. */
export const rabbitmqNames = (namespace: string) => ({
  /** Messages by topic, and dead letters by consumer. */
  events: `${namespace}.events`,
  deadLetters: `${namespace}.dead-letters`,

  routingKey: (topic: string) => `${namespace}.${topic}`,

  queueOf: (name: string) => `${namespace}.${name}`,
  deadLettersOf: (name: string) => `${namespace}.${name}.dead-letters`,
  attemptsOf: (name: string) => `${namespace}.${name}.starts`,
})

export const HEADERS = { key: 'message-key', reason: 'dead-letter-reason', topic: 'dead-letter-routing-key' } as const
