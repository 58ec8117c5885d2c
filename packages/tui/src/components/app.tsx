import { Box, type DOMElement } from 'ink';
import { useLayoutEffect, useRef, useSyncExternalStore, type ReactElement } from 'react';
import type { Screen } from '../terminal/screen.ts';
import type { Pane as PaneContent } from '../views/view.ts';
import type { Viewer } from '../viewer/viewer.ts';

interface AppProps {
  readonly viewer: Viewer;
  readonly screen: Screen;
}

/**
 * What the viewer shows. Ink arranges the panes; each puts its lines on the screen itself, where Ink has placed it,
 * because Ink would make a string of the whole terminal each time. Being absolute, they give Ink nothing to paint.
 */
export function App({ viewer, screen }: AppProps): ReactElement {
  useSyncExternalStore(viewer.subscribe, viewer.version);
  const { head, columns, foot } = viewer.composition();
  // The effects of the panes have run before.
  useLayoutEffect(() => {
    screen.look = viewer.look;
    screen.show();
  });
  return (
    <Box position="absolute" flexDirection="column">
      <Pane content={head} screen={screen} />
      <Box gap={1}>
        {columns.map(({ width, panes }, column) => (
          <Box key={column} flexDirection="column" width={width} flexShrink={0}>
            {panes.map((pane, index) => (
              <Pane key={index} content={pane} screen={screen} />
            ))}
          </Box>
        ))}
      </Box>
      <Pane content={foot} screen={screen} />
    </Box>
  );
}

/** Lines of one width, which put themselves on the screen. */
function Pane({ content, screen }: { readonly content: PaneContent; readonly screen: Screen }): ReactElement {
  const box = useRef<DOMElement>(null);
  useLayoutEffect(() => {
    const { column, row } = placeOf(box.current);
    screen.place(row, column, content.lines);
  });
  return <Box ref={box} width={content.width} height={content.lines.length} flexShrink={0} />;
}

/** Where Ink has placed a box, in columns and rows from 0. */
function placeOf(box: DOMElement | null): { readonly column: number; readonly row: number } {
  let column = 0;
  let row = 0;
  for (let node: DOMElement | null | undefined = box; node; node = node.parentNode) {
    column += node.yogaNode?.getComputedLeft() ?? 0;
    row += node.yogaNode?.getComputedTop() ?? 0;
  }
  return { column, row };
}
