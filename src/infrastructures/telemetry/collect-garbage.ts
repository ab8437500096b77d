/**
 * Collects all garbage, compacts the heap and gives its pages back, which V8 does not do by itself while a process has
 * little to do. It stops the process for about a millisecond per megabyte of live objects: call it when that is cheap.
 */
export async function collectGarbage(): Promise<void> {
  const { Session } = await import('node:inspector')
  const session = new Session()
  session.connect()
  // V8 holds a lock while it calls back, for which a disconnect would wait for ever, and the process with it.
  session.post('HeapProfiler.collectGarbage', () => setImmediate(() => session.disconnect()))
}
