/** Where an issuer signs people in, and where it gives out tokens. */
export type SignInAddresses = Readonly<{ authorization: string; token: string }>

/** How readers of the documentation get a token. */
export type SignIn = Readonly<{
  /** Who the documentation is to the issuer: a public client. */
  clientId: string
  /** Asked for each page, so it remembers, and it never fails: without the documentation there is no help. */
  addresses: () => Promise<SignInAddresses>
}>

const SCOPES = { openid: 'who you are', profile: 'your names', email: 'your email address' } as const

export const ALL_SCOPES = Object.keys(SCOPES)

/** Either of them opens every operation that names no other. */
export const SECURITY = [{ signIn: ALL_SCOPES }, { token: [] }] as const

/** What routes name that know their callers by something else than a token. */
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
