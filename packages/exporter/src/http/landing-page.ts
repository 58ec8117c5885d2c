/** A link of the landing page. */
export interface PageLink {
  readonly href: string;
  readonly text: string;
}

/** What a person sees who opens the server in a browser. */
export function landingPage(version: string, status: string, links: readonly PageLink[]): string {
  const items = links.map(
    ({ href, text }) => `<li><a href="${escapeHtml(href)}">${escapeHtml(text)}</a></li>`,
  );
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>ubmsc</title>
<style>body { font-family: sans-serif; margin: 2em; }</style>
</head>
<body>
<h1>ubmsc</h1>
<p>JK batteries as Prometheus metrics. Version ${escapeHtml(version)}; ${escapeHtml(status)}.</p>
<ul>
${items.join('\n')}
</ul>
</body>
</html>
`;
}

/** Text that comes from outside, safe in HTML and in the value of an attribute. */
function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}
