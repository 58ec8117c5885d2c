import { Box, Text, Transform } from 'ink';
import { memo, useSyncExternalStore, type ReactElement } from 'react';
import type { Viewer } from '../viewer.ts';

/** What the viewer shows. */
export function App({ viewer }: { readonly viewer: Viewer }): ReactElement {
  useSyncExternalStore(viewer.subscribe, viewer.version);
  const { composition, paint, width } = viewer.composition();
  const { head, columns, foot } = composition;
  return (
    <Box flexDirection="column">
      <Lines text={head.map(paint).join('\n')} width={width} />
      <Box>
        {columns.map(({ width: own, panes }, column) => (
          <Box
            key={column}
            flexDirection="column"
            width={own}
            flexShrink={0}
            marginLeft={column === 0 ? 0 : 1}
          >
            {panes.map((lines, pane) => (
              <Lines key={pane} text={lines.map(paint).join('\n')} width={own} />
            ))}
          </Box>
        ))}
      </Box>
      <Lines text={foot.map(paint).join('\n')} width={width} />
    </Box>
  );
}

/**
 * Lines of one width. Those that stay the same are left alone. Ink remembers for ever the size of every text that it has
 * laid out, so it lays out blanks, and is given the text when it draws.
 */
const Lines = memo(function Lines({
  text,
  width,
}: {
  readonly text: string;
  readonly width: number;
}): ReactElement | null {
  if (text === '') return null;
  const lines = text.split('\n');
  const blank = ' '.repeat(width);
  return (
    <Transform transform={(_, index) => lines[index] ?? ''}>
      <Text>{lines.map(() => blank).join('\n')}</Text>
    </Transform>
  );
});
