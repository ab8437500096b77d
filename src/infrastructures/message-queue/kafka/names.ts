export type KafkaNames = ReturnType<typeof kafkaNames>

/** The names of the topics and consumer groups of a namespace. */
export const kafkaNames = (namespace: string) => ({
  /** All messages, by key: two topics would not keep the order of one subject. */
  events: `${namespace}.events`,

  /** The header with the topic of a message. */
  topicOf: (topic: string) => `${namespace}.${topic}`,

  groupOf: (name: string) => `${namespace}.${name}`,
  deadLettersOf: (name: string) => `${namespace}.${name}.dead-letters`,
})

export const HEADERS = {
  id: 'message-id',
  topic: 'message-topic',
  reason: 'dead-letter-reason',
  position: 'dead-letter-position',
} as const
