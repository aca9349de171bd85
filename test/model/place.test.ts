import { expect, it } from 'vitest';
import { readPlace } from '../../src/model/place.ts';

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
