import { expect, test } from 'vitest'
import { SecretOperatorProof } from './secret-operator-proof.js'

const SECRET = 'an operator’s secret of some length'

test('knows the secret and nothing else', () => {
  const proof = new SecretOperatorProof(SECRET)
  expect(proof.isConfigured).toBe(true)
  expect(proof.isOperator(SECRET)).toBe(true)
  for (const wrong of ['', SECRET.slice(1), `${SECRET} `, SECRET.toUpperCase()])
    expect(proof.isOperator(wrong)).toBe(false)
})

test('without a secret nobody is the operator', () => {
  const proof = new SecretOperatorProof(null)
  expect(proof.isConfigured).toBe(false)
  for (const token of ['', 'null', 'undefined']) expect(proof.isOperator(token)).toBe(false)
})
