// What a test started is stopped in reverse order, whatever happened.
const jobs = [];

export function onCleanup(job) {
  jobs.push(job);
}

export async function cleanup() {
  while (jobs.length > 0) {
    try {
      await jobs.pop()();
    } catch (error) {
      console.error("cleanup:", error.message);
    }
  }
}

export async function waitFor(what, condition, ms = 40000) {
  const deadline = Date.now() + ms;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`waited ${ms} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
