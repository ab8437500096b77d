import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace'
import type { SamplerName } from '../tracing.ts'

const PARENT_BASED = 'parentbased_'

export function createSampler(name: SamplerName, ratio: number): Sampler {
  const root = rootSampler(name.replace(PARENT_BASED, ''), ratio)
  return name.startsWith(PARENT_BASED) ? new ParentBasedSampler({ root }) : root
}

function rootSampler(name: string, ratio: number): Sampler {
  if (name === 'always_on') return new AlwaysOnSampler()
  return name === 'always_off' ? new AlwaysOffSampler() : new TraceIdRatioBasedSampler(ratio)
}
