/** What pages, chats and word processors put in the place of blanks and quotes: YAML takes it as a part of the text. */
import { quoted, type Problem } from './text.ts';

const BLANK = String.raw`[\u00A0\u1680\u2000-\u200A\u202F\u205F\u3000]`;
const INDENTED = new RegExp(`^(?:- )*${BLANK}`, 'u');
const MEMBER = new RegExp(`^[\\w.-]+:${BLANK}`, 'u');
const QUOTES = /^(?:[“”„"].*[“”]|[‘’‚].*[‘’]|«.*»)$/su;

/** What is wrong with a name without quotes. */
export function nameProblem(name: string): Problem | null {
  return INDENTED.test(name) ? BLANKS : textProblem(name);
}

/** What is wrong with a text without quotes. */
export function textProblem(text: string): Problem | null {
  if (MEMBER.test(text)) return BLANKS;
  if (!QUOTES.test(text)) return null;
  const plain = text.slice(1, -1);
  return {
    rule: 'yaml',
    message: `To YAML, the quotes of ${text} are a part of the text.`,
    hint: `Write straight ones: ${quoted(plain)}. If they belong to it, put straight ones around them: ${quoted(text)}.`,
  };
}

const BLANKS: Problem = {
  rule: 'yaml',
  message: 'There is a no-break space or the like, which is a part of the text to YAML.',
  hint: 'Type the blanks of this line anew: such ones come from copying out of a page or a chat.',
};
