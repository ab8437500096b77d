import type { Mailbox } from './mailbox.ts'

/** A mailbox for each consumer name, from when it is first mentioned. */
export function openMailboxes(open: () => Mailbox) {
  const mailboxes = new Map<string, Mailbox>()

  return {
    of(name: string): Mailbox {
      const mailbox = mailboxes.get(name) ?? open()
      mailboxes.set(name, mailbox)
      return mailbox
    },

    all: (): readonly Mailbox[] => [...mailboxes.values()],

    /** How many messages wait in the one with the most. */
    fullest: (): number => Math.max(0, ...mailboxes.values().map((mailbox) => mailbox.size())),

    deadLetters: (): Readonly<Record<string, number>> =>
      Object.fromEntries([...mailboxes].map(([name, mailbox]) => [name, mailbox.deadLetters()] as const)),
  }
}
