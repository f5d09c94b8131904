// `make docs`: writes what is made from the features' declarations.
import { writeFileSync } from "node:fs";
import { generated } from "./e2e/lib/generated.mjs";
import { root } from "./e2e/lib/need.mjs";

for (const [path, text] of generated()) writeFileSync(root + path, text);
