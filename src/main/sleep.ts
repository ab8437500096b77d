import { setTimeout as sleeping } from 'node:timers/promises'
import type { Sleep } from '../patterns/cancellable-sleep.ts'

export const sleep: Sleep = async (milliseconds, cancelled) => {
  const cancelling = new AbortController()
  void cancelled.then(() => cancelling.abort())
  await sleeping(milliseconds, undefined, cancelling).catch(() => {})
}
