import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../../kit/plan.ts'
import { type EventTeam, type Member, restore } from './event-team.ts'

type Server = Readonly<{ kill(): Promise<void>; start(): Promise<void> }>
export type Plan = Readonly<{ kills: number; brokerKills: number; cuts: number }>

/** Kills processes and the queue and cuts wires, all at once and at random, so often; in the end everything is well again. */
export async function troubleAll({ members }: EventTeam, server: Server, plan: Plan, random: Random): Promise<void> {
  const killMember = async (member: Member) => {
    for (let kill = 0; kill < plan.kills / members.length; kill++) {
      await sleep(random.between(200, 1_500))
      await member.killAndRevive()
    }
  }
  const killServer = async () => {
    for (let kill = 0; kill < plan.brokerKills; kill++) {
      await sleep(random.between(1_000, 4_000))
      await server.kill()
      await sleep(random.between(0, 1_000))
      await server.start()
    }
  }
  const cutWires = async () => {
    for (let cut = 0; cut < plan.cuts; cut++) {
      await sleep(random.between(300, 2_000))
      await cutOne(random.pick(members) as Member, random)
    }
  }
  await Promise.all([...members.map(killMember), killServer(), cutWires()])
}

/** Between one process and its database or its queue nothing comes through for a while, or everything is reset. */
async function cutOne({ wires }: Member, random: Random): Promise<void> {
  const wire = random.pick([wires.database, wires.queue]) as Member['wires']['queue']
  await wire.set(random.pick(['blackhole', 'reset', 'refuse'] as const) ?? 'reset')
  await sleep(random.between(500, 3_000))
  await restore(wire)
}
