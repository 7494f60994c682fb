// Near times are kept fresh each minute. The server wrote the words; only the figure and its unit are replaced,
// so that no language lives here. Whatever is a day away or more waits for the next page.
const gap = "\u00a0";
const figure = /\d+\s(?:min|h)/u;
const refresh = () => {
  for (const el of document.querySelectorAll("time[data-rel]")) {
    const ms = Date.now() - Date.parse(el.dateTime), minutes = Math.floor(Math.abs(ms) / 60000);
    if (minutes < 1 || minutes >= 720) continue;
    const text = minutes < 60 ? minutes + gap + "min" : Math.floor(minutes / 60) + gap + "h";
    const passed = ms > 0 && el.dataset.rel === "due" ? "+" + gap : "";
    if (ms > 0) el.textContent = passed + text;
    else if (figure.test(el.textContent)) el.textContent = el.textContent.replace(figure, text);
  }
};
setInterval(refresh, 60000);
document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
