/** The shells whose completion vkeys knows, each with what it has to source. */
import { BASH_COMPLETION } from './completion-bash.ts';
import { FISH_COMPLETION } from './completion-fish.ts';
import { ZSH_COMPLETION } from './completion-zsh.ts';

export const SCRIPTS = { bash: BASH_COMPLETION, zsh: ZSH_COMPLETION, fish: FISH_COMPLETION } as const;

export type Shell = keyof typeof SCRIPTS;

// oxlint-disable-next-line no-unsafe-type-assertion -- the names of a literal
export const SHELLS = Object.keys(SCRIPTS) as readonly Shell[];
