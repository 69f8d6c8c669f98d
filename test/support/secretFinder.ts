import { gunzipSync } from "node:zlib";
import { unzipSync } from "fflate";

/** A secret that must be nowhere but where it was put. */
export interface PlantedSecret {
  /** What it is, for people: `a password of a database`. */
  readonly kind: string;
  readonly value: string;
}

/** Something that is left or printed. */
export interface Place {
  /** For people: a file, an object of a bucket, a log. */
  readonly where: string;
  readonly content: Uint8Array;
}

/** A secret that stands somewhere. Its value is told nowhere. */
export interface FoundSecret {
  readonly kind: string;
  /** With the path inside of an archive. */
  readonly where: string;
  /** As what it stands there: `plain`, `base64`. */
  readonly form: string;
}

/** Less of a secret may stand anywhere by chance. */
const leastCharacters = 12;

/**
 * Finds secrets in what is left, in whatever form a program writes them: as they are, escaped for JSON, addresses, HTML or a form,
 * in base64 at any offset, in hexadecimal digits, backwards, line by line, and in archives of zip and gzip.
 * @throws Error for a secret that is too short to be found for certain.
 */
export function findSecrets(
  planted: readonly PlantedSecret[],
  places: Iterable<Place>,
): FoundSecret[] {
  const search = searchFor(planted.flatMap(formsOf));
  const found = new Map<string, FoundSecret>();
  for (const place of places) {
    for (const { where, content } of unpacked(place)) {
      for (const reading of readings(content)) {
        for (const { kind, form } of search(reading)) {
          const one = `${kind} ${where}`;
          if (!found.has(one)) found.set(one, { kind, where, form });
        }
      }
    }
  }
  return [...found.values()];
}

interface Form {
  readonly kind: string;
  readonly form: string;
  readonly bytes: Buffer;
}

/** Everything by which a secret is known. */
function formsOf({ kind, value }: PlantedSecret): Form[] {
  const parts = [
    value,
    // Whatever becomes of the ends of its lines. Those that say what it is are no secret.
    ...value.split(/\r?\n/).filter((line) => !line.startsWith("-----")),
  ].filter((part) => part.length >= leastCharacters);
  if (parts.length === 0) throw new Error(`${kind}: less than ${leastCharacters} characters`);
  return [...new Set(parts)].flatMap((part) =>
    Object.entries({
      plain: [part],
      reversed: [[...part].reverse().join("")],
      JSON: jsonForms(part),
      "an address": [encodeURIComponent(part), encodeURI(part), lowerEscapes(part)],
      "a form": [new URLSearchParams([["", part]]).toString().slice(1)],
      HTML: [part.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`), namedEntities(part)],
      base64: base64Forms(part),
      hexadecimal: [hex(part), hex(part).toUpperCase()],
    }).flatMap(([form, texts]) => texts.map((text) => ({ kind, form, bytes: Buffer.from(text) }))),
  );
}

/** Looks for all of them at once: their first three bytes rule out nearly every place of a text. */
function searchFor(forms: readonly Form[]): (content: Uint8Array) => readonly Form[] {
  const begins = new Map<number, Form[]>();
  const isBegin = new Uint8Array(1 << 24);
  for (const form of forms) {
    const [first, second, third] = form.bytes;
    const begin = (first << 16) | (second << 8) | third;
    begins.set(begin, [...(begins.get(begin) ?? []), form]);
    isBegin[begin] = 1;
  }
  return (content) => {
    const found = new Set<Form>();
    let last = 0;
    for (let at = 0; at < content.length; at++) {
      last = ((last << 8) | content[at]) & 0xffffff;
      if (isBegin[last] === 0) continue;
      for (const form of begins.get(last) ?? []) {
        const part = content.subarray(at - 2, at - 2 + form.bytes.length);
        if (form.bytes.equals(part)) found.add(form);
      }
    }
    // As they are listed: where a secret is the same in two forms, the first one says it best.
    return forms.filter((form) => found.has(form));
  };
}

/** Within JSON, and within JSON that is a text of JSON. */
function jsonForms(text: string): string[] {
  const once = JSON.stringify(text).slice(1, -1);
  return [once, JSON.stringify(once).slice(1, -1)];
}

function lowerEscapes(text: string): string {
  return encodeURIComponent(text).replace(/%[0-9A-F]{2}/g, (one) => one.toLowerCase());
}

function namedEntities(text: string): string {
  const names: Readonly<Record<string, string>> = { "&": "amp", "<": "lt", ">": "gt", '"': "quot" };
  return text.replace(/[&<>"']/g, (sign) => `&${names[sign] ?? "#39"};`);
}

/** Wherever it begins in what was encoded: without the digits that its neighbours have a part in. */
function base64Forms(text: string): string[] {
  const content = Buffer.from(text);
  return [0, 1, 2].flatMap((before) => {
    const all = Buffer.concat([Buffer.alloc(before), content]);
    const first = Math.ceil((before * 8) / 6);
    const last = Math.floor((all.length * 8) / 6);
    const digits = all.toString("base64").slice(first, last);
    return [digits, digits.replaceAll("+", "-").replaceAll("/", "_")];
  });
}

function hex(text: string): string {
  return Buffer.from(text).toString("hex");
}

/** More than this are layers of images, in which nobody breaks lines. */
const mostJoined = 32 * 1024 * 1024;

/** As it is, and without the ends of lines: what an encoder has broken into lines is whole then. */
function readings(content: Uint8Array): Uint8Array[] {
  if (content.length > mostJoined) return [content];
  const text = Buffer.from(content).toString("latin1");
  const joined = text.replace(/(?:\r|\n|\\r|\\n)\s*/g, "");
  return joined === text ? [content] : [content, Buffer.from(joined, "latin1")];
}

/** It, and what is in it where it is an archive: entries of zip, and what gzip holds. */
function* unpacked(place: Place): Iterable<Place> {
  yield place;
  for (const inner of contentsOf(place)) yield* unpacked(inner);
}

function contentsOf({ where, content }: Place): Place[] {
  const begins = (...magic: readonly number[]) => magic.every((byte, at) => content[at] === byte);
  try {
    if (begins(0x1f, 0x8b)) return [{ where: `${where} (gzip)`, content: gunzipSync(content) }];
    if (begins(0x50, 0x4b, 0x03, 0x04)) {
      const entries = Object.entries(unzipSync(content));
      return entries.map(([path, inner]) => ({ where: `${where}: ${path}`, content: inner }));
    }
    return [];
  } catch {
    // It only begins like one.
    return [];
  }
}
