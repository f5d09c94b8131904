// Forms: how data looks on the wire, as the server's features declare it (server/room/feature.h, "Forms").
const TOKEN = /\s*("[^"]*"|[A-Za-z_]\w*|[{}[\]:,|?])/y;
const BASE = new Set(["id", "time", "text", "int", "number", "bool", "object"]);

// {base} {word} {value: true} {shape} {list} {nullable} {either: […]} {fields: [{key, optional, form}]}
export function parseForm(text) {
  const tokens = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw new Error(`form "${text}": what is at ${at}?`);
    tokens.push(match[1]);
  }
  let i = 0;
  const expect = (token) => {
    if (tokens[i++] !== token) throw new Error(`form "${text}": "${token}" expected, "${tokens[i - 1] ?? "end"}" found`);
  };
  const field = () => {
    const key = tokens[i++];
    const optional = tokens[i] === "?" && Boolean(++i);
    expect(":");
    return { key, optional, form: either() };
  };
  const listOf = (end, item) => {
    const items = [];
    while (tokens[i] !== end) {
      items.push(item());
      if (tokens[i] !== end) expect(",");
    }
    expect(end);
    return items;
  };
  const one = () => {
    const token = tokens[i++];
    if (token === "{") return { fields: listOf("}", field) };
    if (token === "[") {
      const list = either();
      expect("]");
      return { list };
    }
    if (token === "true") return { value: true };
    if (token?.startsWith('"')) return { word: token.slice(1, -1) };
    if (BASE.has(token)) return { base: token };
    if (/^\w+$/.test(token ?? "")) return { shape: token };
    throw new Error(`form "${text}": "${token ?? "end"}" begins nothing`);
  };
  const nullable = () => {
    const form = one();
    return tokens[i] === "?" && ++i ? { nullable: form } : form;
  };
  function either() {
    const forms = [nullable()];
    while (tokens[i] === "|" && ++i) forms.push(nullable());
    return forms.length === 1 ? forms[0] : { either: forms };
  }
  const form = either();
  if (i !== tokens.length) throw new Error(`form "${text}": "${tokens[i]}" is left over`);
  return form;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
const isObject = (v) => typeof v === "object" && v !== null && !Array.isArray(v);
const bases = {
  id: (v) => typeof v === "string" && UUID.test(v),
  time: (v) => typeof v === "string" && TIME.test(v),
  text: (v) => typeof v === "string",
  int: Number.isSafeInteger,
  number: Number.isFinite,
  bool: (v) => typeof v === "boolean",
  object: isObject,
};

function objectFault(fields, value, shapes, path) {
  if (!isObject(value)) return `${path} is no object`;
  for (const key of Object.keys(value)) if (!fields.some((f) => f.key === key)) return `${path}.${key} is not declared`;
  for (const { key, optional, form } of fields) {
    if (!(key in value)) {
      if (optional) continue;
      return `${path}.${key} is missing`;
    }
    const fault = faultOf(form, value[key], shapes, `${path}.${key}`);
    if (fault) return fault;
  }
  return null;
}

// Where the value does not have the form, in words; null where it has. shapes: name → form.
export function faultOf(form, value, shapes = {}, path = "data") {
  if (form.base) return bases[form.base](value) ? null : `${path} is no ${form.base}: ${JSON.stringify(value)}`;
  if (form.word !== undefined) return value === form.word ? null : `${path} is not "${form.word}": ${JSON.stringify(value)}`;
  if (form.value !== undefined) return value === form.value ? null : `${path} is not ${form.value}`;
  if (form.shape) {
    if (!shapes[form.shape]) throw new Error(`no shape ${form.shape} is declared`);
    return faultOf(shapes[form.shape], value, shapes, path);
  }
  if (form.nullable) return value === null ? null : faultOf(form.nullable, value, shapes, path);
  if (form.list) {
    if (!Array.isArray(value)) return `${path} is no list`;
    for (const [i, item] of value.entries()) {
      const fault = faultOf(form.list, item, shapes, `${path}[${i}]`);
      if (fault) return fault;
    }
    return null;
  }
  if (form.either) {
    const faults = form.either.map((f) => faultOf(f, value, shapes, path));
    return faults.includes(null) ? null : faults.join(", or ");
  }
  return objectFault(form.fields, value, shapes, path);
}

// Every shape that a form names, for tests that look for what is not declared or not used.
export function shapesIn(form) {
  if (form.shape) return [form.shape];
  if (form.fields) return form.fields.flatMap((f) => shapesIn(f.form));
  return [form.list, form.nullable, ...(form.either ?? [])].filter(Boolean).flatMap(shapesIn);
}
