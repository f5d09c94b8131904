// Under a real-time class (chrt -r 1), where nobody who wakes takes the processor from an equal: who works briefly goes first there, as
// by the usual scheduler. Otherwise a vote would wait for what a generator does with the media of everybody else, and its database for
// the loop.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

const ROUND_ROBIN = "2";
const policy = () => readFileSync("/proc/self/stat", "utf8").split(") ")[1].split(" ")[38];

// The process's threads, but for those of these names; what they start afterwards inherits it.
export function goesFirst(pid, but = /^$/) {
  if (policy() !== ROUND_ROBIN) return;
  const threads = readdirSync(`/proc/${pid}/task`).filter((id) => !but.test(readFileSync(`/proc/${pid}/task/${id}/comm`, "utf8").trim()));
  for (const id of threads) execFileSync("chrt", ["-r", "-p", "2", id]);
}
