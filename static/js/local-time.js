// A deadline in the reader's own zone, beside the one of the call. Without JavaScript the call's zone stands alone.

const page = document.documentElement.lang || "en";
// Day before month, as everywhere on these pages.
const language = page === "en" ? "en-GB" : page;

for (const place of document.querySelectorAll("[data-local-time]")) {
  const moment = new Date(place.dataset.localTime);
  const output = place.querySelector("[data-local-time-text]");
  if (Number.isNaN(moment.getTime()) || !output) continue;
  const minutes = -moment.getTimezoneOffset();
  // The same clock as the call's: saying it twice helps nobody.
  if (String(minutes) === place.dataset.minutesFromUtc) continue;
  const format = new Intl.DateTimeFormat(`${language}-u-nu-latn`, {
    dateStyle: "long",
    timeStyle: "short",
    hourCycle: "h23",
  });
  const sign = minutes < 0 ? "-" : "+";
  const size = Math.abs(minutes);
  const two = (number) => String(number).padStart(2, "0");
  output.textContent = `${format.format(moment)} (UTC${sign}${two(Math.floor(size / 60))}:${two(size % 60)})`;
  place.hidden = false;
}
