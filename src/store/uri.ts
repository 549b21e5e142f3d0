/**
 * Names of objects. A local file is written as a path or as a percent-encoded `file:///…` URI; an S3 object as
 * `s3://bucket/key`, whose key is taken as it stands (no percent-decoding), as the AWS tools do.
 */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { usageError } from "../errors.ts";
import { splitGlob } from "./glob.ts";

export type Location =
  /** Absolute path; ends in "/" where a directory is meant. */
  | { readonly scheme: "file"; readonly path: string }
  /** The key is empty or ends in "/" where a prefix is meant. */
  | { readonly scheme: "s3"; readonly bucket: string; readonly key: string };

const ACCEPTED = "use a path, file:///absolute/path, or s3://bucket/prefix/";

/**
 * @throws MasklineError (exit 2) for an empty URI, an unknown scheme, an S3 URI without a bucket
 */
export function parseUri(uri: string): Location {
  if (uri === "") throw usageError(`reading a URI: it is empty; ${ACCEPTED}`);
  if (uri.includes("\0")) throw usageError(`reading the URI ${displayName(uri)}: it contains a NUL; ${ACCEPTED}`);
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(uri)?.[1]?.toLowerCase();
  if (scheme === "s3") return parseS3(uri);
  if (scheme === "file") return parseFileUri(uri);
  if (scheme !== undefined) {
    throw usageError(`reading the URI ${displayName(uri)}: the scheme "${scheme}" is unknown; ${ACCEPTED}`);
  }
  if (/^(s3|file):/i.test(uri)) {
    throw usageError(`reading the URI ${displayName(uri)}: the scheme is not followed by "//"; ${ACCEPTED}`);
  }
  return filePath(uri);
}

function parseS3(uri: string): Location {
  const rest = uri.slice("s3://".length);
  const slash = rest.indexOf("/");
  const bucket = slash === -1 ? rest : rest.slice(0, slash);
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(bucket)) {
    throw usageError(
      `reading the URI ${displayName(uri)}: ${bucket === "" ? "it names no bucket" : "that is no bucket's name"}; ` +
        "use s3://bucket/prefix/",
    );
  }
  return { scheme: "s3", bucket, key: slash === -1 ? "" : rest.slice(slash + 1) };
}

function parseFileUri(uri: string): Location {
  const rest = uri.slice("file://".length).replace(/^localhost\//, "/");
  if (!rest.startsWith("/")) {
    throw usageError(`reading the URI ${displayName(uri)}: a file URI has three slashes; ${ACCEPTED}`);
  }
  try {
    return filePath(decodeURIComponent(rest));
  } catch {
    throw usageError(
      `reading the URI ${displayName(uri)}: its percent-encoding is broken; write "%" as %25, or give the plain path`,
    );
  }
}

function filePath(path: string): Location {
  const absolute = resolve(path);
  const directory = /(^|\/)\.{0,2}$/.test(path) && absolute !== "/";
  return { scheme: "file", path: directory ? `${absolute}/` : absolute };
}

/** The complete URI of a location; `parseUri` gives the location back. */
export function formatUri(location: Location): string {
  return location.scheme === "s3" ? `s3://${location.bucket}/${location.key}` : pathToFileURL(location.path).href;
}

/** A URI as a person reads it: local files as a path, control characters escaped. */
export function displayUri(uri: string): string {
  const location = parseUri(uri);
  return displayName(location.scheme === "file" ? location.path : formatUri(location));
}

function displayName(name: string): string {
  const hex = (char: string): string => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`;
  return name.replace(/\p{Cc}/gu, hex);
}

const asDirectory = (name: string): string => (name === "" || name.endsWith("/") ? name : `${name}/`);

/** The name within its scheme: what globs and relative names work on. */
const nameOf = (location: Location): string => (location.scheme === "s3" ? location.key : location.path);
const withName = (location: Location, name: string): Location =>
  location.scheme === "s3" ? { ...location, key: name } : { ...location, path: name };

/**
 * The static part of a pattern: all before its first glob segment, the directory of an exact object, a prefix
 * itself. Ends in "/".
 */
export function globBase(uri: string): string {
  const location = parseUri(uri);
  return formatUri(withName(location, splitGlob(nameOf(location)).base));
}

/**
 * A name beneath a base (a directory or prefix).
 * @param relative - plain name, "/" between its segments, not percent-encoded
 * @throws MasklineError (exit 2) when a local name would leave the base or name the same file as another one
 */
export function joinUri(base: string, relative: string): string {
  const location = parseUri(base);
  const local = location.scheme === "file";
  if (relative.includes("\0") || (local && relative.split("/").some((part) => /^\.{0,2}$/.test(part)))) {
    throw usageError(
      `naming ${displayName(relative)} beneath ${displayUri(base)}: an empty segment, "." or ".." has no place in a ` +
        "local file's name; rename that input, or write to S3",
    );
  }
  return formatUri(withName(location, asDirectory(nameOf(location)) + relative));
}

/**
 * The inverse of `joinUri`: a URI's plain name beneath a base.
 * @throws RangeError when it is not beneath it
 */
export function relativeTo(base: string, uri: string): string {
  const from = parseUri(base);
  const to = parseUri(uri);
  const prefix = asDirectory(nameOf(from));
  const sameStore = from.scheme === "s3" ? to.scheme === "s3" && from.bucket === to.bucket : to.scheme === "file";
  if (!sameStore || !nameOf(to).startsWith(prefix)) {
    throw new RangeError(`${displayUri(uri)} is not beneath ${displayUri(base)}`);
  }
  return nameOf(to).slice(prefix.length);
}

/** Order of URIs: by UTF-16 code units, the same on every machine. */
export function byUri(a: { readonly uri: string }, b: { readonly uri: string }): number {
  return a.uri < b.uri ? -1 : a.uri > b.uri ? 1 : 0;
}
