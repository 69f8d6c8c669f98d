import { zipSync } from "fflate";
import { earliest } from "./bundle";
import { stackFileName } from "./projectFolder";

/** What the file of a stack becomes where it is kept in a bucket: CodeBuild takes ZIP files. Equal contents make equal bytes. */
export function configZip(stack: string, content: Uint8Array): Buffer {
  return Buffer.from(zipSync({ [stackFileName(stack)]: content }, { level: 6, mtime: earliest }));
}
