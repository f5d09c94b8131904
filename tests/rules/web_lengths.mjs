// Functions of web/src: none over 50 lines, half of those that are longer than a line at most 15; those over 40 are
// counted. TypeScript's own parser reads them, so web/node_modules must be there (`make web-check`).
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const LONGEST = 50;
const LONG = 40;
const MEDIAN = 15;

const web = join(dirname(fileURLToPath(import.meta.url)), "../../web");
const need = createRequire(join(web, "package.json"));
const load = (name) => import(pathToFileURL(need.resolve(`typescript/unstable/${name}`)));
const { API } = await load("async");
const { SyntaxKind } = await load("ast");
const FUNCTIONS = new Set(
  ["FunctionDeclaration", "FunctionExpression", "ArrowFunction", "MethodDeclaration", "Constructor", "GetAccessor", "SetAccessor"].map((kind) => SyntaxKind[kind]),
);

function functionsOf(source, path) {
  const found = [];
  const lineAt = (position) => source.text.slice(0, position).split("\n").length;
  const visit = (node) => {
    if (FUNCTIONS.has(node.kind) && node.body) {
      const begin = lineAt(node.getStart(source));
      found.push({ at: `${relative(web, path)}:${begin}`, lines: lineAt(node.end) - begin + 1 });
    }
    node.forEachChild(visit);
  };
  visit(source);
  return found;
}

const api = new API({ cwd: web });
const snapshot = await api.updateSnapshot({ openProject: join(web, "tsconfig.json") });
const [project] = snapshot.getProjects();
const all = [];
for (const path of project.rootFiles) all.push(...functionsOf(await project.program.getSourceFile(path), path));
await api.close();

const lengths = all.map(({ lines }) => lines).filter((lines) => lines > 1).sort((a, b) => a - b);
const median = lengths[Math.floor(lengths.length / 2)];
const faults = all.filter(({ lines }) => lines > LONGEST).map(({ at, lines }) => `${at}: function of ${lines} lines`);
if (!(all.length > 500)) faults.push(`only ${all.length} functions found`);
if (!(median <= MEDIAN)) faults.push(`the median is ${median} lines`);
const long = lengths.filter((lines) => lines > LONG).length;
console.log(faults.join("\n") || `web lengths: clean (median ${median}, longest ${lengths.at(-1)}, ${long} functions over ${LONG} lines)`);
process.exitCode = faults.length ? 1 : 0;
