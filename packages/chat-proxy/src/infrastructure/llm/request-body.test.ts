import { expect, test } from 'vitest'
import { requestBody } from './request-body.js'

test('parameters are passed on under their names, and none can change what the request is about', () => {
  const body = requestBody(
    'm',
    {
      messages: [{ role: 'user', content: 'Hello?' }],
      parameters: { temperature: 0, stop: ['\n'], response_format: { type: 'json_object' } },
    },
    {},
  )
  expect(body).toEqual({
    model: 'm',
    messages: [{ role: 'user', content: 'Hello?' }],
    stream: true,
    stream_options: { include_usage: true },
    temperature: 0,
    stop: ['\n'],
    response_format: { type: 'json_object' },
  })
  const sneaky = { temperature: 1, model: 'dearer', stream: false }
  const { model, stream } = requestBody('m', { messages: [], parameters: sneaky }, {})
  expect({ model, stream }).toEqual({ model: 'm', stream: true })
})
