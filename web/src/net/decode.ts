// Small typed decoders for what comes over the wire. Unknown fields are ignored, so that a newer
// server may add some; a missing or mistyped field throws DecodeError with its path.

export class DecodeError extends Error {
  constructor(
    readonly path: string,
    readonly expected: string,
  ) {
    super(`${path || 'message'}: expected ${expected}`);
    this.name = 'DecodeError';
  }
}

export type Decoder<T> = (value: unknown, path?: string) => T;
export type Decoded<D> = D extends Decoder<infer T> ? T : never;

export const string: Decoder<string> = (value, path = '') => {
  if (typeof value !== 'string') throw new DecodeError(path, 'a string');
  return value;
};

export const number: Decoder<number> = (value, path = '') => {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new DecodeError(path, 'a number');
  return value;
};

export const boolean: Decoder<boolean> = (value, path = '') => {
  if (typeof value !== 'boolean') throw new DecodeError(path, 'true or false');
  return value;
};

export const unknown: Decoder<unknown> = (value) => value;

export function oneOf<const T extends string>(...options: readonly T[]): Decoder<T> {
  return (value, path = '') => {
    if (!options.includes(value as T)) throw new DecodeError(path, options.join(' | '));
    return value as T;
  };
}

export function nullable<T>(inner: Decoder<T>): Decoder<T | null> {
  return (value, path = '') => (value === null ? null : inner(value, path));
}

/** A field that may be absent; absent and null both read as null. */
export function optional<T>(inner: Decoder<T>): Decoder<T | null> {
  return (value, path = '') => (value === undefined || value === null ? null : inner(value, path));
}

export function array<T>(inner: Decoder<T>): Decoder<T[]> {
  return (value, path = '') => {
    if (!Array.isArray(value)) throw new DecodeError(path, 'a list');
    return value.map((item, index) => inner(item, `${path}[${index}]`));
  };
}

/** An object that has the field is read by `first`, any other value by `second`. */
export function either<A, B>(field: string, first: Decoder<A>, second: Decoder<B>): Decoder<A | B> {
  return (value, path = '') =>
    typeof value === 'object' && value !== null && Object.hasOwn(value, field)
      ? first(value, path)
      : second(value, path);
}

export function object<F extends Record<string, Decoder<unknown>>>(
  fields: F,
): Decoder<{ [K in keyof F]: Decoded<F[K]> }> {
  const entries = Object.entries(fields);
  return (value, path = '') => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new DecodeError(path, 'an object');
    const source = value as Record<string, unknown>;
    const result: Record<string, unknown> = {};
    for (const [key, decode] of entries)
      result[key] = decode(source[key], path ? `${path}.${key}` : key);
    return result as { [K in keyof F]: Decoded<F[K]> };
  };
}
