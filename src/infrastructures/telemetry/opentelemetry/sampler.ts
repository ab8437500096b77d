import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace'
import type { Live } from '../../../patterns/live.ts'
import { memoizeLast } from '../../../patterns/memoize-last.ts'
import type { SamplerName } from '../tracing.ts'

const PARENT_BASED = 'parentbased_'

export function createSampler(name: SamplerName, ratio: Live<number>): Sampler {
  const root = rootSampler(name.replace(PARENT_BASED, ''), ratio)
  return name.startsWith(PARENT_BASED) ? new ParentBasedSampler({ root }) : root
}

function rootSampler(name: string, ratio: Live<number>): Sampler {
  if (name === 'always_on') return new AlwaysOnSampler()
  return name === 'always_off' ? new AlwaysOffSampler() : ratioSampler(ratio)
}

/** Samples the share of traces that is configured when a trace begins. */
function ratioSampler(ratio: Live<number>): Sampler {
  const samplerOf = memoizeLast((share: number) => new TraceIdRatioBasedSampler(share))
  return {
    shouldSample: (context, traceId) => samplerOf(ratio()).shouldSample(context, traceId),
    toString: () => samplerOf(ratio()).toString(),
  }
}
