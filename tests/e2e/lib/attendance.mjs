// What attendance must be, from the proxies' logs alone. Shares no code and no SQL with the server.
// A person is present while any of their websockets is open; silence shorter than the gap counts, unless
// they left on purpose. It counts from the moment at which the connection was lost, as far as that is known.

// entries: proxy log entries of one person, or stays in the same form ({websocket, close, gone: when the loss was
// known, close unless said, onPurpose}); live: [start, end] in Unix ms; gapMs:
// silence that counts.
export function attendance(entries, live, { gapMs = 30000, threshold = 0.75 } = {}) {
  const sockets = entries.filter((e) => e.websocket !== null).map((e) => [e.websocket, e.close ?? live[1], e.onPurpose ? 0 : gapMs + Math.max(0, (e.gone ?? e.close) - e.close)]);
  sockets.sort((a, b) => a[0] - b[0]);
  const pieces = [];
  let reach = -Infinity; // what begins up to there belongs to the last piece
  for (const [from, to, gap] of sockets) {
    const last = pieces.at(-1);
    if (from <= reach) last[1] = Math.max(last[1], to);
    else pieces.push([from, to]);
    reach = Math.max(reach, to + gap);
  }
  const inside = ([from, to]) => Math.max(0, Math.min(to, live[1]) - Math.max(from, live[0]));
  const seconds = pieces.reduce((sum, piece) => sum + inside(piece), 0) / 1000;
  const liveSeconds = (live[1] - live[0]) / 1000;
  return {
    firstJoin: sockets[0]?.[0] ?? null,
    lastLeave: sockets.length ? Math.max(...sockets.map(([, to]) => to)) : null,
    seconds,
    liveSeconds,
    attended: seconds >= 60,
    completed: seconds >= 60 && seconds >= threshold * liveSeconds,
    edges: 2 * pieces.filter((piece) => inside(piece) > 0).length,
  };
}

// What a file must show of it: cut, so that what is shown decides as the rules above do.
export const shown = ({ seconds, liveSeconds }) => ({
  seconds: Math.floor(seconds),
  share: liveSeconds > 0 ? Math.floor((Math.min(seconds, liveSeconds) / liveSeconds) * 10000) / 10000 : null,
});

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
