import { Box, Text, Transform, useInput, useStdin } from 'ink';
import { memo, useSyncExternalStore, type ReactElement } from 'react';
import { keyNames } from '../keys/key.ts';
import { parseMouse } from '../keys/mouse.ts';
import type { Viewer } from '../viewer.ts';

/** The terminal UI: what the viewer shows, and keys and mouse for it. */
export function App({ viewer }: { readonly viewer: Viewer }): ReactElement {
  useSyncExternalStore(viewer.subscribe, viewer.version);
  const { isRawModeSupported } = useStdin();
  useInput(
    (input, key) => {
      const mouse = parseMouse(input);
      if (mouse) viewer.point(mouse);
      else for (const name of keyNames(input, key)) viewer.press(name);
    },
    // Undefined where the input is no terminal, whatever its type says; Ink takes that for true.
    { isActive: isRawModeSupported || false },
  );
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
