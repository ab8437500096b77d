import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isSameModel, lacking, parseModel, readModel } from '../../src/infrastructures/authorization/openfga/model.ts'
import { PERMISSION_SOURCES } from '../../src/main/modules.ts'

/** What users own, as the modules say. */
const OWNED = PERMISSION_SOURCES.map(({ type }) => type).filter((type) => type !== 'user')

const direct = (...types: readonly string[]) => ({
  directly_related_user_types: types.map((type) => ({ type })),
})
const OWNER_OR_SUPER_ADMIN = {
  union: {
    child: [
      { computedUserset: { relation: 'owner' } },
      { tupleToUserset: { tupleset: { relation: 'system' }, computedUserset: { relation: 'super_admin' } } },
    ],
  },
}
const owned = (type: string) => ({
  type,
  relations: {
    system: { this: {} },
    owner: { this: {} },
    can_update: OWNER_OR_SUPER_ADMIN,
    can_delete: OWNER_OR_SUPER_ADMIN,
  },
  metadata: {
    relations: { system: direct('system'), owner: direct('user'), can_update: direct(), can_delete: direct() },
  },
})

const modelOf = (...rules: readonly string[]) =>
  parseModel(['model', '  schema 1.1', 'type user', 'type doc', '  relations', ...rules].join('\n'))
const relationsOf = (...rules: readonly string[]) => modelOf(...rules).type_definitions[1]?.relations

describe('the model for OpenFGA', () => {
  it('is what model.fga says, in the form of the API', () => {
    assert.deepEqual(readModel(), {
      schema_version: '1.1',
      type_definitions: [
        { type: 'user', relations: {}, metadata: null },
        {
          type: 'system',
          relations: { super_admin: { this: {} } },
          metadata: { relations: { super_admin: direct('user') } },
        },
        ...OWNED.map(owned),
      ],
    })
  })

  it('may have groups, everyone, and relations that exclude or demand others', () => {
    const { type_definitions } = modelOf(
      'define reader: [user:*, group#member, doc] # all',
      'define all: a and b',
      'define c: a but not b',
    )

    assert.deepEqual(type_definitions[1]?.relations, {
      reader: { this: {} },
      all: {
        intersection: { child: [{ computedUserset: { relation: 'a' } }, { computedUserset: { relation: 'b' } }] },
      },
      c: {
        difference: { base: { computedUserset: { relation: 'a' } }, subtract: { computedUserset: { relation: 'b' } } },
      },
    })
    assert.deepEqual(type_definitions[1]?.metadata?.relations['reader']?.directly_related_user_types, [
      { type: 'user', wildcard: {} },
      { type: 'group', relation: 'member' },
      { type: 'doc' },
    ])
  })

  for (const rule of [
    'define a: (b or c) and d',
    'define a: b or c but not d',
    'define a: b but not c but not d',
    'define a: [user with condition]',
    'defines a: b',
    'define a b',
    'define a: b c',
  ]) {
    it(`refuses "${rule}", which it cannot read, rather than to mean something else`, () => {
      assert.throws(() => relationsOf(rule), /^Error: model\.fga: cannot read/)
    })
  }

  it('is the same whatever empty fields a server adds, and another when a rule differs', () => {
    const [one, other] = [modelOf('define a: [user]', 'define b: a'), modelOf('define a: [user]', 'define b: [user]')]
    const answered = JSON.parse(
      JSON.stringify({ ...one, conditions: {} }).replaceAll('{"relation":"a"}', '{"object":"","relation":"a"}'),
    )

    assert.ok(isSameModel(answered, one))
    assert.ok(!isSameModel(one, other))
    assert.ok(!isSameModel(modelOf('define a: [user]'), modelOf('define a: [doc]')))
  })

  it('lacks what another one has, by name', () => {
    assert.deepEqual(lacking(modelOf('define a: [user]'), modelOf('define a: [user]', 'define b: a')), ['doc#b'])
    assert.deepEqual(lacking(modelOf('define a: [user]', 'define b: a'), modelOf('define a: [user]')), [])
  })
})
