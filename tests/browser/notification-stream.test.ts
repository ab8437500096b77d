import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ENGINES, openWorld } from '../e2e/world.ts'
import { openChromium } from '../kit/chromium.ts'
import { clientOf } from '../kit/client.ts'
import { until } from '../kit/command.ts'
import { documented } from '../kit/documented.ts'
import { skipWithout } from '../kit/engines.ts'
import { freePorts, type Service } from '../kit/service.ts'

const [SQLITE] = ENGINES

/** What the page is given besides the documented functions: it starts to read, and returns the texts that it receives. */
const READING = `
  window.seen = []
  window.stop = new AbortController()
  void readNotifications('/v1/notifications/stream', async () => TOKEN, (event) => seen.push(event), stop.signal)
`

describe('the documented way to read the event stream in a browser', { skip: skipWithout('chromium') }, () => {
  it('receives each notification once, in order, also one from while the service was away', async () => {
    await using world = await openWorld(SQLITE)
    await using browser = await openChromium()
    const { alice, bob } = world
    const [HTTP_PORT = '', HEALTH_PORT = ''] = (await freePorts(2)).map(String)
    const ports = { HTTP_PORT, HEALTH_PORT }
    const commentBy = async (service: Service, postId: string, text: string) =>
      (await clientOf(service)(bob, 'POST', '/v1/comments', { body: { postId, text } })).body.id
    await using first = await world.start(ports)
    const { body: post } = await clientOf(first)(alice, 'POST', '/v1/posts', { body: { text: 'Hello.' } })
    const page = await browser.context.newPage()
    await page.goto(`${first.url}/docs`) // a page of ours that may connect
    const seen = () => page.evaluate('seen.map(({ commentId }) => commentId)') as Promise<string[]>

    const opened = page.waitForResponse(/\/stream$/)
    const token = JSON.stringify(alice.token)
    await page.evaluate(`${documented('behind-a-proxy.md', 'js')}\n${READING.replace('TOKEN', () => token)}`)
    await opened
    const ids = [await commentBy(first, post.id, 'One.')]
    await until('the first is seen', async () => (await seen()).length === 1)
    await first.stop()
    {
      await using elsewhere = await world.start()
      ids.push(await commentBy(elsewhere, post.id, 'Two.'))
      await elsewhere.stop()
    }
    await using again = await world.start(ports)
    await until('the second is seen', async () => (await seen()).length === 2, 20_000)
    ids.push(await commentBy(again, post.id, 'Three.'))
    await until('the third is seen', async () => (await seen()).length === 3)
    await page.evaluate('stop.abort()')

    assert.deepEqual(await seen(), ids)
  })
})
