import { setTimeout as sleep } from 'node:timers/promises'

const PATHS = ['live', 'ready', 'health-check', 'metrics'] as const
const EVERY_MS = 50
const TIMEOUT_MS = 5_000

/** Asks the health port again and again, and notes each answer that is not 200. */
export function watchHealth(healthUrl: string) {
  const failures: string[] = []
  let [asked, isOver] = [0, false]

  async function ask(path: string): Promise<void> {
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    asked++
    try {
      const answer = await fetch(`${healthUrl}/${path}`, { signal })
      const text = await answer.text()
      if (!answer.ok) failures.push(`${path}: ${answer.status} ${text}`)
    } catch (error) {
      failures.push(`${path}: ${error} ${(error as Error).cause ?? ''}`)
    }
  }

  async function run(): Promise<void> {
    while (!isOver) {
      await Promise.all(PATHS.map(ask))
      await sleep(EVERY_MS)
    }
  }

  const running = run()
  async function stop(): Promise<void> {
    isOver = true
    await running
  }
  return { failures, stop, asked: () => asked, [Symbol.asyncDispose]: stop }
}
