import type { Rule } from './rules.ts'

const LAYERS = ['main', 'controllers', 'domains', 'infrastructures', 'patterns']

/** What is there for development alone. */
const ASIDE = ['development']
const DRAWERS = /^(utils?|utilities|commons?|shared|helpers?|misc|lib|abstractions?)$/
const MAX_LINES = 250

export const nameRules = {
  /** Top-level folders are the layers, and beside them lies only what starts them, and what production goes without. */
  'the tree is the diagram': ({ path }) => {
    const [top = '', ...rest] = path.split('/')
    const isAtHome = rest.length > 0 ? [...LAYERS, ...ASIDE].includes(top) : path === 'main.ts'
    return isAtHome ? [] : ['lies in no layer']
  },

  /** A barrel hides which way an import points. */
  'there are no barrels': ({ path }) => (/(^|\/)index\.\w+$/.test(path) ? ['is a barrel'] : []),

  /** Whatever has no better name has no place. */
  'there are no drawers': ({ path }) =>
    path
      .replace(/\.\w+$/, '')
      .split('/')
      .filter((name) => DRAWERS.test(name))
      .map((name) => `lies in a drawer, ${name}`),

  'files are small': ({ text }) => {
    const lines = text.trimEnd().split('\n').length
    return lines > MAX_LINES ? [`has ${lines} lines`] : []
  },
} satisfies Record<string, Rule>
