// What attendance must be, from the proxies' logs alone. Shares no code and no SQL with the server.
// A person is present while any of their websockets is open; silence shorter than the gap counts.

// entries: proxy log entries of one person; live: [start, end] in Unix ms. Returns seconds.
export function presentSeconds(entries, live, gapMs) {
  const sockets = entries.filter((e) => e.websocket !== null).map((e) => [e.websocket, e.close ?? live[1]]);
  sockets.sort((a, b) => a[0] - b[0]);
  const pieces = [];
  for (const [from, to] of sockets) {
    const last = pieces.at(-1);
    if (last && from - last[1] <= gapMs) last[1] = Math.max(last[1], to);
    else pieces.push([from, to]);
  }
  const ms = pieces.reduce((sum, [from, to]) => sum + Math.max(0, Math.min(to, live[1]) - Math.max(from, live[0])), 0);
  return ms / 1000;
}

// RFC 4180 reader of its own.
export function parseCsv(text) {
  const rows = [[]];
  let cell = "";
  let quoted = false;
  for (let i = text.charCodeAt(0) === 0xfeff ? 1 : 0; i < text.length; i++) {
    const c = text[i];
    if (quoted) {
      if (c !== '"') cell += c;
      else if (text[i + 1] === '"') cell += text[++i];
      else quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === ",") {
      rows.at(-1).push(cell);
      cell = "";
    } else if (c === "\n") {
      rows.at(-1).push(cell.replace(/\r$/, ""));
      cell = "";
      rows.push([]);
    } else cell += c;
  }
  if (rows.at(-1).length === 0) rows.pop();
  const [header, ...lines] = rows;
  return lines.map((line) => Object.fromEntries(header.map((name, i) => [name, line[i]])));
}
