export function pageScript(): Promise<{ readonly script: string; readonly inputs: readonly string[] }>;
