// What a server costs, read from /proc: all its threads, and its children's (nginx's worker).
import { readdirSync, readFileSync } from "node:fs";

export function tree(pid) {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) => readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" ").filter(Boolean));
  return [pid, ...children.flatMap((child) => tree(Number(child)))];
}

// Nanoseconds on a processor so far. A thread that has ended is not counted any more: compare only
// over spans in which none ends.
export function cpuNs(pids) {
  let sum = 0;
  for (const pid of pids)
    for (const task of readdirSync(`/proc/${pid}/task`)) sum += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, "utf8").split(" ")[0]);
  return sum;
}

// For processes of which some may end meanwhile, and then do not count: () → nanoseconds since.
export function cpuClock(pids) {
  const spent = (pid) => {
    try {
      return cpuNs([pid]);
    } catch (error) {
      if (error.code === "ENOENT" || error.code === "ESRCH") return null;
      throw error;
    }
  };
  const before = pids.map((pid) => [pid, spent(pid)]);
  return () => before.map(([pid, then]) => [then, spent(pid)]).reduce((sum, [then, now]) => (then === null || now === null ? sum : sum + now - then), 0);
}

export function residentBytes(pids) {
  return pids.reduce((sum, pid) => sum + Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) * 1024, 0);
}
