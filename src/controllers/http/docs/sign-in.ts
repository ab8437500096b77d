/** The authorization endpoint and the token endpoint of an issuer. */
export type SignInAddresses = Readonly<{ authorization: string; token: string }>

/** How readers of the documentation get a token. */
export type SignIn = Readonly<{
  /** The id of the documentation's public client at the issuer. */
  clientId: string
  /** Called for each page: it caches the addresses, and never fails, so that the documentation is always there. */
  addresses: () => Promise<SignInAddresses>
}>

const SCOPES = { openid: 'who you are', profile: 'your names', email: 'your email address' } as const

export const ALL_SCOPES = Object.keys(SCOPES)

/** Either of them suffices for every operation that names no other scheme. */
export const SECURITY = [{ signIn: ALL_SCOPES }, { token: [] }] as const

/** The schemes of routes whose callers send no token. */
export const OTHER_SCHEMES = {
  webhook: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Keycloak-Signature',
    description: 'The HMAC-SHA256 of the body under the secret of the webhook, in lower-case hex.',
  },
} as const

export const securitySchemes = ({ authorization, token }: SignInAddresses) => ({
  signIn: {
    type: 'oauth2',
    description: 'Sign in at the issuer: authorization code with PKCE, no client secret.',
    flows: { authorizationCode: { authorizationUrl: authorization, tokenUrl: token, scopes: SCOPES } },
  },
  token: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'Paste an access token of the issuer, such as `npm run token -- alice` prints in development.',
  },
  ...OTHER_SCHEMES,
})
