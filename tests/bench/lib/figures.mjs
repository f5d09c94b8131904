// Samples to figures: {name, unit, amphi, raw, peers, ratio, must, holds, repeats}.
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length === 0 ? null : sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const middleOf = (samples) => (Array.isArray(samples) ? median(samples) : samples ?? null);

// samples: {amphi: [one a repeat], raw: […], nchan: […] or "SKIPPED: …", …}. must: text and a function of
// {amphi, raw, nchan, ws} that says whether it holds; without it the figure is for information.
export function figure(name, unit, samples, must = null, extra = {}) {
  const middle = Object.fromEntries(Object.entries(samples).map(([server, s]) => [server, middleOf(s)]));
  const { amphi, raw = null, ...peers } = middle;
  const known = typeof amphi === "number" && !Number.isNaN(amphi);
  return {
    name,
    unit,
    amphi,
    raw,
    peers,
    ratio: known && typeof raw === "number" && raw !== 0 ? amphi / raw : null,
    must: must?.text ?? null,
    holds: must ? known && must.holds(middle) : null,
    repeats: Array.isArray(samples.amphi) ? samples.amphi.length : 1,
    samples,
    ...extra,
  };
}

// A figure that could not be measured, by name and with the reason.
export const notMeasured = (name, reason) => ({ name, unit: "", amphi: null, raw: null, peers: {}, ratio: null, must: null, holds: null, repeats: 0, error: reason });
