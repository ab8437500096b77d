/** Who is measured: each a process of its own, started alike. */
export type Contender = Readonly<{ name: string; entry: string }>

export const CONTENDERS: readonly Contender[] = [
  { name: 'bare', entry: 'bench/contenders/bare.ts' },
  { name: 'ours', entry: 'src/main.ts' },
]
