// Asks every second whether the page would be another by now: then a lesson was saved, and it is loaded anew.
"use strict";

const MILLISECONDS = 1000;
const mark = `"${document.body.dataset.mark}"`;

async function look() {
  if (document.hidden) return;
  try {
    const answer = await fetch(location.href, { method: "HEAD", cache: "no-store" });
    if (answer.status < 500 && answer.headers.get("ETag") !== mark) location.reload();
  } catch {
    // The program is away, perhaps started again: the next look tells.
  }
}

async function keepLooking() {
  await look();
  setTimeout(keepLooking, MILLISECONDS);
}

setTimeout(keepLooking, MILLISECONDS);
