export type NatsNames = ReturnType<typeof natsNames>

/** The names of the streams and subjects of a namespace. */
export const natsNames = (namespace: string) => ({
  /** The messages, by topic. */
  events: namespace,
  eventOf: (topic: string) => `${namespace}.${topic}`,

  /** Dead letters, by consumer. */
  deadLetters: `${namespace}-dead-letters`,
  deadLetterOf: (name: string) => `${namespace}-dead-letters.${name}`,

  /** The shared state of the processes of a consumer: the leader token, and the attempts of messages. */
  consumers: `${namespace}-consumers`,
  leaderTokenOf: (name: string) => `${namespace}-consumers.${name}.turn`,
  attemptsOf: (name: string) => `${namespace}-consumers.${name}.starts`,
})

export const HEADERS = { key: 'Message-Key', reason: 'Dead-Letter-Reason', subject: 'Dead-Letter-Subject' } as const
