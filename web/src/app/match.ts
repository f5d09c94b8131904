// Whether a path matches a pattern: `:name` takes one segment, `:name?` one or none.

export type Params = Record<string, string>;

export function matchPath(path: string, pattern: string): Params | null {
  const want = pattern.split('/').filter(Boolean);
  const have = path.split('/').filter(Boolean);
  if (have.length > want.length) return null;
  const params: Params = {};
  for (const [index, segment] of want.entries()) {
    const value = have[index];
    if (value === undefined) {
      if (segment.endsWith('?')) continue;
      return null;
    }
    if (!segment.startsWith(':')) {
      if (segment !== value) return null;
      continue;
    }
    try {
      params[segment.slice(1).replace('?', '')] = decodeURIComponent(value);
    } catch {
      return null; // not a valid escape: no such page
    }
  }
  return params;
}
