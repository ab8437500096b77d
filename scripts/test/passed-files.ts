/** Names each file of which no test failed, for `--record`. */
import type { TestEvent } from 'node:test/reporters'

export default async function* passedFiles(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const { type, data } of events) {
    if (type === 'test:summary' && data.file !== undefined && data.success) yield `${data.file}\n`
  }
}
