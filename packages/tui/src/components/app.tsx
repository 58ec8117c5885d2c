import { Box, Text, useInput, useStdin } from 'ink';
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
  const { composition, paint } = viewer.composition();
  const { head, columns, foot } = composition;
  return (
    <Box flexDirection="column">
      <Lines text={head.map(paint).join('\n')} />
      <Box>
        {columns.map(({ width, panes }, column) => (
          <Box
            key={column}
            flexDirection="column"
            width={width}
            flexShrink={0}
            marginLeft={column === 0 ? 0 : 1}
          >
            {panes.map((lines, pane) => (
              <Lines key={pane} text={lines.map(paint).join('\n')} />
            ))}
          </Box>
        ))}
      </Box>
      <Lines text={foot.map(paint).join('\n')} />
    </Box>
  );
}

/** Lines that are as wide as they have to be. Those that stay the same are left alone. */
const Lines = memo(function Lines({ text }: { readonly text: string }): ReactElement | null {
  return text === '' ? null : <Text wrap="truncate">{text}</Text>;
});
