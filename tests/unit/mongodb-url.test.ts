import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { InvalidMongodbUrl, parseMongodbUrl } from '../../src/infrastructures/store/mongodb/mongodb-url.ts'
import { readConfig } from '../../src/main/config.ts'

describe('a URL of MongoDB', () => {
  for (const [url, place] of [
    ['mongodb://db/forum', 'db/forum'],
    ['mongodb://db', 'db/forum'],
    ['mongodb://forum:p%40ss@one:27017,two:27018/posts?replicaSet=rs0&authSource=admin', 'one:27017,two:27018/posts'],
    ['mongodb://[::1]:27017/forum?directConnection=true', '[::1]:27017/forum'],
    [
      'mongodb+srv://forum:x@cluster.example.org/?retryWrites=true&w=majority&appName=Forum',
      'cluster.example.org/forum',
    ],
  ] as const) {
    it(`names ${place}: ${url}`, () => {
      assert.equal(parseMongodbUrl(url).place, place)
      assert.deepEqual(readConfig({ DATABASE_URL: url }, false).store, { kind: 'mongodb', url })
    })
  }

  for (const [url, problem] of [
    ['mongodb://', /must be mongodb:/],
    ['mongodb://forum:canary@x@db/forum', /encoded/],
    ['mongodb://forum:canary@db:port/forum', /host/],
    ['mongodb://forum:canary@db:70000/forum', /port from 1 to 65535/],
    ['mongodb://forum:canary@one,,two/forum', /host/],
    ['mongodb+srv://forum:canary@db:27017/forum', /one host without a port/],
    ['mongodb://forum:canary@db/forum?w=1', /must not change w/],
    ['mongodb://forum:canary@db/forum?journal=false', /must not change journal/],
    ['mongodb://forum:canary@db/forum?readPreference=secondary', /must not change readPreference/],
    ['mongodb://forum:canary@db/a%20b', /name a database/],
  ] as const) {
    it(`is refused without a secret: ${url}`, () => {
      const isRefusal = (error: unknown) =>
        error instanceof InvalidMongodbUrl && problem.test(error.message) && !error.message.includes('canary')
      assert.throws(() => parseMongodbUrl(url), isRefusal)
    })
  }
})
