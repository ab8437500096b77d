import type { KindReport, Percentiles } from './load.ts'

/** Collects what became of the requests, by kind. */
export function createLoadStats() {
  const kinds = new Map<string, ReturnType<typeof emptyKind>>()

  function kindOf(kind: string) {
    const known = kinds.get(kind) ?? emptyKind()
    kinds.set(kind, known)
    return known
  }

  return {
    leaveUnsent(kind: string): void {
      kindOf(kind).unsent++
    },

    add(kind: string, status: number, milliseconds: number, saysWhen: boolean): void {
      const stats = kindOf(kind)
      if (status >= 200 && status < 300) stats.ok.push(milliseconds)
      else if (status !== 503) stats.others[status] = (stats.others[status] ?? 0) + 1
      else {
        stats.refused.push(milliseconds)
        if (!saysWhen) stats.unsaid++
      }
    },

    report: (seconds: number): Readonly<Record<string, KindReport>> =>
      Object.fromEntries([...kinds].map(([kind, stats]) => [kind, reportOf(stats, seconds)])),
  }
}

const emptyKind = () => ({
  ok: [] as number[],
  refused: [] as number[],
  unsaid: 0,
  unsent: 0,
  others: {} as Record<string, number>,
})

const reportOf = ({ ok, refused, ...counts }: ReturnType<typeof emptyKind>, seconds: number): KindReport => ({
  ...counts,
  perSecond: ok.length / seconds,
  okMs: percentilesOf(ok),
  refused: refused.length,
  refusedMs: percentilesOf(refused),
})

function percentilesOf(times: number[]): Percentiles {
  times.sort((one, other) => one - other)
  const at = (part: number): number => Math.round(times[Math.floor((times.length - 1) * part)] ?? 0)
  return { p50: at(0.5), p99: at(0.99), max: at(1) }
}
