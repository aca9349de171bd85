import stringWidth from 'string-width';

/** The pieces joined by the separator and a blank, on as many lines as the width needs: cells of a terminal. */
export function wrap(pieces: readonly string[], width: number, separator = ','): string {
  const rows: string[] = [];
  let row = '';
  for (const [index, piece] of pieces.entries()) {
    const part = index === pieces.length - 1 ? piece : `${piece}${separator}`;
    if (row === '') row = part;
    else if (stringWidth(row) + 1 + stringWidth(part) <= width) row += ` ${part}`;
    else {
      rows.push(row);
      row = part;
    }
  }
  return [...rows, row].join('\n');
}

/** A text on as many lines as the width needs. */
export function fold(text: string, width: number): string {
  return wrap(text.split(' '), width, '');
}
