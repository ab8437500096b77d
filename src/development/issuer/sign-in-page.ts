import { createHash } from 'node:crypto'

const STYLE = `
  :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
  body { display: grid; place-items: center; min-height: 90vh; margin: 1rem }
  main { width: 100%; max-width: 22rem }
  label { display: block; margin-block: 1rem .25rem }
  input[type=text], button { box-sizing: border-box; width: 100%; padding: .6rem; font: inherit }
  button { margin-top: 1.5rem; cursor: pointer }
`
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64')
const CHARACTERS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** The headers of the pages here; a form may lead to `origins`, whose pages get the answer by redirect. */
export const pageHeaders = (origins: readonly string[]): Readonly<Record<string, string>> => ({
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': [
    "default-src 'none'",
    `style-src 'sha256-${STYLE_HASH}'`,
    `form-action ${["'self'", ...origins].join(' ')}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; '),
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
})

/** Asks for a username. `problem` says what was wrong with the name given before. */
export const signInPage = (problem: string | null): string =>
  page(
    'Sign in',
    `<p>This is the development issuer: sign in under any name, without a password.</p>
    <form method="post">
      <label for="username">Username</label>
      <input id="username" name="username" type="text" required maxlength="64" autofocus autocomplete="username"
        autocapitalize="none" spellcheck="false"${problem === null ? '' : ' aria-invalid="true" aria-describedby="problem"'}>
      ${problem === null ? '' : `<p id="problem" role="alert">${escapeHtml(problem)}</p>`}
      <label><input type="checkbox" name="super_admin" value="yes"> as a super admin</label>
      <button type="submit">Sign in</button>
    </form>`,
  )

export const problemPage = (problem: string): string =>
  page('This did not work', `<p role="alert">${escapeHtml(problem)}</p>`)

const page = (title: string, content: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>
    <style>${STYLE}</style>
  </head>
  <body>
    <main>
    <h1>${title}</h1>
    ${content}
    </main>
  </body>
</html>
`

const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (character) => CHARACTERS[character] ?? character)
