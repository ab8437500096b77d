import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'

// The thread of `checkpoints.ts`: for each message it copies the log of that file, as far as it can, and answers.

const database = new DatabaseSync(String(workerData))
const checkpoint = database.prepare('pragma wal_checkpoint(passive)')

parentPort?.on('message', () => {
  try {
    checkpoint.get()
  } catch {
    // what cannot be copied, to a full disk say, stays in the log until a later attempt
  }
  parentPort?.postMessage(null)
})
