import type { PackageDefinition } from '@grpc/proto-loader'
import { loadDescriptorModel, messageOf } from './definitions.ts'

type Field = { name: string; jsonName?: string; typeName?: string; oneofIndex?: number; proto3Optional?: boolean }
type Message = {
  name: string
  field?: Field[]
  nestedType?: (Message & { options?: { mapEntry?: boolean } })[]
  enumType?: { name: string }[]
  oneofDecl?: { name: string }[]
}
type File = { name: string; package: string; dependency?: string[]; messageType?: Message[]; service?: Service[] }
type Service = { method?: { inputType: string; outputType: string }[] }

/**
 * The descriptors of these definitions as protoc writes them. Those of the library have relative names of types, no imports,
 * no names for JSON, and names of their own for the entries of maps: clients such as grpcurl cannot resolve them.
 */
export function descriptorsOf(definitions: PackageDefinition): readonly Buffer[] {
  const { serialize, deserialize } = messageOf(loadDescriptorModel(), 'google.protobuf.FileDescriptorProto')
  const files = new Map<string, File>()
  for (const bytes of Object.values(definitions).flatMap(
    (definition) => (definition as Described).fileDescriptorProtos ?? [],
  )) {
    const file = deserialize(bytes) as File
    files.set(file.name, file)
  }

  const symbols = new Map<string, File>()
  for (const file of files.values())
    for (const symbol of symbolsOf(file.package, file.messageType)) symbols.set(symbol, file)
  for (const file of files.values()) complete(file, symbols)
  return [...files.values()].map(serialize)
}

type Described = Readonly<{ fileDescriptorProtos?: readonly Buffer[] }>

/** The full names of messages and enums. */
const symbolsOf = (scope: string, messages: readonly Message[] = []): readonly string[] =>
  messages.flatMap(({ name, nestedType, enumType = [] }) => {
    const own = `${scope}.${name}`
    return [own, ...enumType.map((inner) => `${own}.${inner.name}`), ...symbolsOf(own, nestedType)]
  })

function complete(file: File, symbols: ReadonlyMap<string, File>): void {
  const used = new Set<File | undefined>()

  function completeMessage(scope: string, message: Message): void {
    const own = `${scope}.${message.name}`
    for (const field of message.field ?? []) {
      field.jsonName = field.name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
      if (field.typeName !== undefined) field.typeName = `.${use(own, field.typeName)}`
      if (message.oneofDecl?.[field.oneofIndex ?? -1]?.name.startsWith('_')) field.proto3Optional = true
    }
    for (const inner of message.nestedType ?? []) completeMessage(own, inner)
    for (const entry of message.nestedType ?? []) if (entry.options?.mapEntry) renameEntry(own, message, entry)
  }

  /** The full name of a type that is named within a scope, from the inside out. */
  function use(scope: string, name: string): string {
    const scopes = scope.split('.').map((_, index, parts) => [...parts.slice(0, parts.length - index), name].join('.'))
    const symbol = [...scopes, name.replace(/^\./, '')].find((candidate) => symbols.has(candidate))
    if (symbol === undefined) throw new Error(`The proto has no type ${name}.`)
    used.add(symbols.get(symbol))
    return symbol
  }

  for (const message of file.messageType ?? []) completeMessage(file.package, message)
  for (const { inputType, outputType } of (file.service ?? []).flatMap(({ method = [] }) => method)) {
    use(file.package, inputType)
    use(file.package, outputType)
  }
  file.dependency = [...used].flatMap((other) => (other === undefined || other === file ? [] : other.name))
}

/** A map `values` is encoded as entries of a type `ValuesEntry`. */
function renameEntry(scope: string, { field = [] }: Message, entry: Message): void {
  const old = `.${scope}.${entry.name}`
  const [map] = field.filter(({ typeName }) => typeName === old)
  if (map === undefined) return
  const words = map.name.split('_').map((word) => word.charAt(0).toUpperCase() + word.slice(1))
  entry.name = `${words.join('')}Entry`
  map.typeName = `.${scope}.${entry.name}`
}
