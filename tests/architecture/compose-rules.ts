import type { ComposeFile, ComposeService } from '../kit/compose.ts'

/** What is wrong, one line each. */
type Rule = (file: ComposeFile) => readonly string[]

/** Of the specification, what is in use here. */
const KEYS = new Set([
  ...[
    'image',
    'build',
    'command',
    'profiles',
    'depends_on',
    'environment',
    'ports',
    'networks',
    'volumes',
    'healthcheck',
  ],
  ...['restart', 'init', 'read_only', 'tmpfs', 'cap_drop', 'security_opt', 'stop_grace_period', 'deploy', 'shm_size'],
  ...['hostname', 'extra_hosts'],
])
const VERSION = /:v?\d+\.\d+(?:\.\d+)?(?:-\w+)?$/

const each =
  (look: (service: ComposeService, file: ComposeFile) => readonly string[]): Rule =>
  (file) =>
    Object.entries(file.services).flatMap(([name, service]) => look(service, file).map((text) => `${name}: ${text}`))

const isJob = ({ restart }: ComposeService): boolean => restart === 'no'

const dependenciesOf = ({ depends_on = {} }: ComposeService) =>
  Object.entries(depends_on).map(([name, { condition }]) => ({ name, condition }))

/** Whether a service can ever be what another one waits for. */
function canBe(condition: string, service: ComposeService | undefined): boolean {
  if (service === undefined) return false
  if (condition === 'service_completed_successfully') return isJob(service)
  if (condition === 'service_healthy') return service.healthcheck?.test !== undefined
  return condition === 'service_started'
}

export const COMPOSE_RULES = {
  'keys are those of Docker Compose': each((service) => Object.keys(service).filter((key) => !KEYS.has(key))),

  'what is waited for is there, and can come about': each((service, { services }) =>
    dependenciesOf(service).flatMap(({ name, condition }) =>
      canBe(condition, services[name]) ? [] : [`${name} is never ${condition}`],
    ),
  ),

  /** Else `docker compose up --wait` fails as soon as the job has ended. */
  'a job that ends is waited for': (file) => {
    const awaited = Object.values(file.services)
      .flatMap(dependenciesOf)
      .filter(({ condition }) => condition === 'service_completed_successfully')
      .map(({ name }) => name)
    return Object.entries(file.services).flatMap(([name, service]) =>
      isJob(service) && !awaited.includes(name) ? [name] : [],
    )
  },

  'images are pinned': each(({ image = '', build }) => (build !== undefined || VERSION.test(image) ? [] : [image])),

  'nothing is published beyond this machine': each(({ ports = [] }) =>
    ports.filter((port) => !port.startsWith('127.0.0.1:')),
  ),

  'networks and volumes are declared': each(({ networks = [], volumes = [] }, file) => [
    ...networks.filter((network) => network !== 'default' && !Object.hasOwn(file.networks ?? {}, network)),
    ...volumes.filter(
      (volume) => !volume.startsWith('./') && !Object.hasOwn(file.volumes ?? {}, volume.split(':')[0] ?? ''),
    ),
  ]),
} satisfies Record<string, Rule>
