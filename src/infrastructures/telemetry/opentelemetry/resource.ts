import { detectResources, envDetector, type Resource, resourceFromAttributes } from '@opentelemetry/resources'

/** The resource of all spans and metrics: this process, as the standard variables describe it. */
export function createResource(service: string, version: string): Resource {
  const own = resourceFromAttributes({
    'service.name': service,
    'service.version': version,
    'service.instance.id': `${process.pid}`,
  })
  return own.merge(detectResources({ detectors: [envDetector] }))
}
