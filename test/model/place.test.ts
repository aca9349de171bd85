import { expect, it } from 'vitest';
import { readPlace, secretRef } from '../../src/model/place.ts';

it.each([
  { sink: 'csv', path: '/x.csv' },
  { sink: 'csv', path: '/x.csv', host: 'lab1', spec: '/spec.yaml' },
  { sink: 'dotenv', path: '/.env', detail: { variables: { KEY: '{key}' } } },
])('a place is read as it was written: %j', (place) => {
  expect(readPlace(JSON.parse(JSON.stringify(place)))).toEqual(place);
});

it.each([
  undefined,
  null,
  'x',
  [],
  {},
  { sink: 'csv' },
  { sink: 1, path: '/x' },
  { sink: 'csv', path: '/x', detail: 1 },
  { sink: 'csv', path: '/x', host: 1 },
  { sink: 'csv', path: '/x', spec: null },
])('%j is none', (json) => {
  expect(readPlace(json)).toBeNull();
});

it('what a resource of the operator would name is its Secret, else the path of a hand-out', () => {
  const file = { sink: 'dotenv', path: '/secrets/ada.env' };
  const secret = { sink: 'kubernetes', path: 'https://k8s:6443/api/v1/namespaces/lab/secrets/llm-ada' };
  expect([[], [file], [file, secret]].map(secretRef)).toEqual([null, '/secrets/ada.env', 'llm-ada']);
});
