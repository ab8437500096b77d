import { createPglite } from './revision/pglite.ts'
import { openPglite } from '../tests/kit/pglite.ts'
const cpu = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1e3 }
for (const [name, open] of [['create', createPglite], ['create', createPglite], ['open', openPglite], ['open', openPglite]] as const) {
  const start = cpu(); const t = performance.now()
  const p = await open()
  console.log(name, (cpu() - start).toFixed(0), (performance.now() - t).toFixed(0))
  await p.close()
}
