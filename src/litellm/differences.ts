import { isOlder } from '../base/version.ts';

/**
 * What versions of LiteLLM do otherwise than the newest one that was measured (1.110.2), as far as users of vkeys meet
 * it. Each line was seen on running servers: 1.65.8, 1.77.7, 1.83.14, 1.108.7; versions between are taken to be like the older
 * one. The fields that a version does not know are in the field table (`since`).
 */
type Difference = { readonly from?: string; readonly before: string; readonly text: string };

export const DIFFERENCES: readonly Difference[] = [
  { before: '1.77.0', text: 'allowed_routes, object_permission and auto_rotate are dropped silently.' },
  {
    from: '1.76.3',
    before: '1.80.12',
    text: "A new key's duration is snapped to the calendar; vkeys corrects it with an update.",
  },
  { before: '1.83.0', text: "A key's expiry can be moved but not taken away." },
  { before: '1.108.0', text: "A key's budget_duration can be changed but not taken away." },
  { before: '1.77.0', text: 'A budget starts again so long after it was set, not at calendar boundaries.' },
  {
    before: '1.83.0',
    text: 'Keys are not checked against organisations and projects: those fields are dropped silently.',
  },
  {
    from: '1.83.0',
    before: '1.108.0',
    text: "The server's filter for aliases finds parts of them; vkeys compares whole aliases itself.",
  },
  { before: '1.83.0', text: 'An internal user may update any key: give nobody such a key who should not.' },
  { before: '1.83.0', text: "A budget's limits, and most of a user's, can be changed but not taken away." },
  {
    before: '1.108.0',
    text: 'Members who are added to a team at once are lost; vkeys adds them together, and looks again a moment later.',
  },
  { from: '1.77.0', before: '1.108.0', text: "A member's tpm_limit and rpm_limit are stored, not enforced." },
  {
    from: '1.77.0',
    before: '1.110.0',
    text: 'Without a licence, single sign-on lets nobody in when there are more than 5 users; a plan says so.',
  },
  { before: '1.83.0', text: 'Usage has requests that were refused under no key.' },
  {
    before: '1.108.0',
    text: 'What a member spent in a team is told only of members with limits; 1.65 tells it of none.',
  },
  { before: '1.108.0', text: 'An expired key is answered with 400 instead of 401.' },
];

/** The differences of one version, for `vkeys doctor`. */
export function differencesOf(version: string): readonly string[] {
  return DIFFERENCES.filter(
    ({ from, before }) => isOlder(version, before) && (from === undefined || !isOlder(version, from)),
  ).map(({ text }) => text);
}
