/** A day or a time that was written without quotes, as the engine hands it over. */
const timeStamp = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}(?:\.\d+)?) [-+]\d{4} (?:UTC|[-+]\d{4})$/;

export function isTimeStamp(text: string): boolean {
  return timeStamp.test(text);
}

/** The day that was written without quotes; undefined where a text is none. */
export function writtenDay(text: string): string | undefined {
  const [, day, time] = timeStamp.exec(text) ?? [];
  return time === "00:00:00" ? day : undefined;
}
