// What a browser, or a server, takes of the machine: processor over a span, resident memory, and of its page the heap after a collection.
import { readFileSync } from "node:fs";
import { residentBytes, tree } from "./cpu.mjs";

const SPAN_MS = 10000;
const TICK_MS = 10; // of /proc/…/stat

function spentMs(pids) {
  return pids.reduce((sum, pid) => {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
      return sum + (Number(fields[11]) + Number(fields[12])) * TICK_MS;
    } catch {
      return sum; // it has ended
    }
  }, 0);
}

export class Burden {
  // pid: of a process; without it, that of the child that is started between here and begin().
  constructor(name, pid = null) {
    Object.assign(this, { name, pid, page: null, figures: [] });
    this.before = new Set(tree(process.pid));
  }

  begin() {
    const fresh = tree(process.pid).filter((pid) => !this.before.has(pid));
    this.pid = fresh.find((pid) => readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ")[1] === String(process.pid));
  }

  async #take(index) {
    const heap = await this.#heap();
    const pids = tree(this.pid);
    const [at, spent] = [performance.now(), spentMs(pids)];
    await new Promise((done) => setTimeout(done, SPAN_MS));
    this.figures[index] = { cpu: (100 * (spentMs(pids) - spent)) / (performance.now() - at), memory: residentBytes(tree(this.pid)) / 1048576, ...heap };
  }

  async #heap() {
    if (!this.page) return { heap: 0, nodes: 0 };
    const session = await this.page.context().newCDPSession(this.page);
    await session.send("HeapProfiler.collectGarbage");
    await session.send("Performance.enable");
    const { metrics } = await session.send("Performance.getMetrics");
    await session.detach();
    const value = (name) => metrics.find((metric) => metric.name === name)?.value ?? 0;
    return { heap: value("JSHeapUsedSize") / 1048576, nodes: value("Nodes") };
  }

  first = () => this.#take(0);
  second = () => this.#take(1);

  row() {
    const [a = {}, b = {}] = this.figures;
    const pair = (name, digits = 0) => [a[name]?.toFixed(digits) ?? "?", b[name]?.toFixed(digits) ?? "?"];
    return [this.name, ...pair("cpu"), ...pair("memory"), ...pair("heap", 1), ...pair("nodes")];
  }
}
