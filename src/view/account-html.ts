/** The account of sets that were closed, as one page of HTML. */
import { escaped } from '../encode/html.ts';
import { accountTotal, spentBy, type Account, type AccountKey } from '../model/account.ts';
import { accountSentences, accountUsage } from './account.ts';
import { htmlPage, wideTable } from './html-page.ts';
import { numberText, usageFooter } from './usage.ts';
import { chart } from './usage-html.ts';
import { dollars } from './value.ts';

export function accountHtml(account: Account): string {
  const { spend, requests, failed } = accountTotal(account);
  const usage = accountUsage(account);
  return htmlPage({
    title: `The account of ${account.sets.join(', ')}`,
    lines: accountSentences(account),
    tiles: [
      ['Keys', numberText(account.keys.length)],
      ['US dollars', dollars(spend)],
      ['Requests', numberText(requests)],
      ['Failed', numberText(failed)],
    ],
    body: [chart(usage), wideTable(table(account.keys))],
    foot: usageFooter(usage),
  });
}

const NUMBERS = ['US dollars', 'Budget', 'Requests', 'Failed', 'Prompt tokens', 'Completion tokens'];

function table(keys: readonly AccountKey[]): string {
  const heads = [
    ...['Key', 'Whose', 'Models'].map((name) => `<th scope="col">${name}</th>`),
    ...NUMBERS.map((name) => `<th scope="col" class="n">${name}</th>`),
    '<th scope="col">Proof</th>',
  ];
  const rows = keys.map((key) => {
    const { requests, failed, prompt_tokens, completion_tokens } = key.used;
    const texts = [key.user ?? key.user_id ?? '', key.models.join(', ')].map((text) => `<td>${escaped(text)}</td>`);
    const numbers = [
      dollars(spentBy(key)),
      key.max_budget === null ? '' : dollars(key.max_budget),
      ...[requests, failed, prompt_tokens, completion_tokens].map(numberText),
    ].map((text) => `<td class="n">${text}</td>`);
    const name = `<th scope="row">${escaped(key.key_alias ?? key.key_id)}</th>`;
    return `<tr>${name}${texts.join('')}${numbers.join('')}<td>${key.proof ?? ''}</td></tr>`;
  });
  return `<table>
<caption>Who had what, and what was used</caption>
<thead><tr>${heads.join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>`;
}
