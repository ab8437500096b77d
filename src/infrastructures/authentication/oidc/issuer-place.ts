/** An issuer, and where its discovery document is fetched where the issuer's own address is not reachable from here. */
export type IssuerPlace = Readonly<{ issuer: string; discoveryUrl: string | null }>

const DOCUMENT = '/.well-known/openid-configuration'

const withoutSlash = (url: string): string => url.replace(/\/$/, '')

/** The address under which this service reaches the issuer. */
export const reachableBase = ({ issuer, discoveryUrl }: IssuerPlace): string =>
  withoutSlash((discoveryUrl ?? issuer).replace(DOCUMENT, ''))

export const documentAddress = (place: IssuerPlace): URL => new URL(reachableBase(place) + DOCUMENT)

/** The issuer that the document may name: also the address at which it was fetched. */
export const names = (place: IssuerPlace, issuer: unknown): boolean =>
  issuer === place.issuer ||
  (place.discoveryUrl !== null && typeof issuer === 'string' && withoutSlash(issuer) === reachableBase(place))

/** An address of the issuer as this service reaches it. */
export const reachable = (place: IssuerPlace, address: string): string =>
  place.discoveryUrl === null ? address : moved(address, withoutSlash(place.issuer), reachableBase(place))

/** An address of the issuer as clients reach it. */
export const publicly = (place: IssuerPlace, address: string): string =>
  place.discoveryUrl === null ? address : moved(address, reachableBase(place), withoutSlash(place.issuer))

/** Replaces the base of an address, or else its origin. */
function moved(address: string, from: string, to: string): string {
  if (address.startsWith(`${from}/`)) return to + address.slice(from.length)
  const { origin } = new URL(from)
  return address.startsWith(`${origin}/`) ? new URL(to).origin + address.slice(origin.length) : address
}
