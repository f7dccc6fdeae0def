import { type Problem } from '#kernel';
import { plural, TableFile } from '../page/index.js';

const AGAIN =
  'This very file was imported before, so its spending is there already. To import it once more all the same, tick the box and choose it again.';

/** Why a file was not taken: its failing rows as a table, each with its number and the reason. */
export function importProblems({ errors, code }: { errors: readonly Problem[]; code: string }) {
  if (code === 'import_repeated') {
    return { errors: [{ path: 'again', code, message: AGAIN }], repeated: true };
  }
  if (code !== 'import_rejected') {
    return { errors: errors.map((error) => ({ ...error, path: error.path === '' ? 'file' : error.path })) };
  }
  const faults = errors.map(({ path, message: text }) => {
    const [, row = '', column = ''] = /^row (\d+)(?:, (.*))?$/.exec(path) ?? [];
    return { row, column, message: text };
  });
  const message = `Nothing was imported: ${plural(errors.length, 'fault')} below. Correct the file and send it again.`;
  return {
    errors: [{ path: 'file', code, message }],
    faults: {
      caption: 'What is wrong in the file',
      head: [{ text: 'Row' }, { text: 'Column' }, { text: 'What is wrong' }],
      rows: faults.map(({ row, column, message: text }) => [
        { text: row },
        { text: column || 'The whole row' },
        { text },
      ]),
      file: new TableFile('faults', ['row', 'column', 'message'], faults),
    },
  };
}
