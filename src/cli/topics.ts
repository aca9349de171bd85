/** The pages of `vkeys help TOPIC`, each loaded when it is named. */
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import type { Block, Page } from '../view/page.ts';
import { TOPICS, type Topic } from '../view/topics.ts';

/** A file in `topics/`: what it says, as far as it can from the tables and the program itself. */
type TopicFile = { readonly blocks: (program: CommandUnknownOpts) => readonly Block[] };

const FILES: Readonly<Record<Topic, () => Promise<TopicFile>>> = {
  spec: () => import('./topics/spec.ts'),
  fields: () => import('./topics/fields.ts'),
  people: () => import('./topics/people.ts'),
  sharing: () => import('./topics/sharing.ts'),
  deliveries: () => import('./topics/deliveries.ts'),
  places: () => import('./topics/places.ts'),
  rules: () => import('./topics/rules.ts'),
  kubernetes: () => import('./topics/kubernetes.ts'),
  auth: () => import('./topics/auth.ts'),
  moving: () => import('./topics/moving.ts'),
  keyring: () => import('./topics/keyring.ts'),
  clients: () => import('./topics/clients.ts'),
  handout: () => import('./topics/handout.ts'),
  faults: () => import('./topics/faults.ts'),
  ci: () => import('./topics/ci.ts'),
  json: () => import('./topics/json.ts'),
  'exit-codes': () => import('./topics/exit-codes.ts'),
  environment: () => import('./topics/environment.ts'),
};

export function isTopic(name: string): name is Topic {
  return Object.hasOwn(TOPICS, name);
}

export async function topicPage(topic: Topic, program: CommandUnknownOpts): Promise<Page> {
  const { blocks } = await FILES[topic]();
  return { name: `vkeys help ${topic}`, about: TOPICS[topic], blocks: blocks(program) };
}
