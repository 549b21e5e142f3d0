#!/usr/bin/env bash
# Builds the image and runs it: `npm run test:image`. With docker where there is one; else with buildah, podman and runc
# (Debian: apt-get install buildah podman runc mmdebstrap), as root and without a registry: the base image is then
# stood in for by a small Debian with the Node of node_modules, and images are kept in /var/tmp/maskline-image.
set -euo pipefail
cd "$(dirname "$0")/../.."

image=maskline:test
work=$(mktemp -d)
chmod 755 "$work"
trap 'rm -rf "$work"' EXIT
say() { printf '== %s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

if command -v docker >/dev/null && docker info >/dev/null 2>&1; then
  engine=(docker)
  limits=(--pids-limit 512)
  say "building with docker"
  docker build -t "$image" .
else
  [ "$(id -u)" = 0 ] || fail "docker is not there, and buildah without a user namespace needs root"
  for program in buildah podman runc mmdebstrap; do
    command -v "$program" >/dev/null || fail "$program is not there: apt-get install buildah podman runc mmdebstrap"
  done
  storage=(--storage-driver overlay --root /var/tmp/maskline-image --runroot /var/tmp/maskline-image.run)
  engine=(podman "${storage[@]}" --cgroup-manager=cgroupfs --events-backend=none --runtime runc)
  limits=(--network=host --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 --no-healthcheck)
  base=docker.io/library/node:24-bookworm-slim

  if ! buildah "${storage[@]}" inspect --type image "$base" >/dev/null 2>&1; then
    say "making a stand-in for $base"
    root=$work/rootfs
    mmdebstrap --quiet --variant=minbase --include=ca-certificates bookworm "$root"
    install -m 755 "$(node_modules/.bin/node -p process.execPath)" "$root/usr/local/bin/node"
    npm=$(npm root --global)/npm
    mkdir -p "$root/usr/local/lib/node_modules"
    cp -r "$(realpath "$npm")" "$root/usr/local/lib/node_modules/npm"
    ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
    ln -s ../lib/node_modules/npm/bin/npx-cli.js "$root/usr/local/bin/npx"
    chroot "$root" useradd --uid 1000 --user-group --create-home node
    # So that npm inside finds what npm here finds.
    cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
    { echo "registry=$(npm config get registry)"; echo "cafile=/etc/ssl/certs/ca-certificates.crt"; } >"$root/root/.npmrc"
    container=$(buildah "${storage[@]}" from --pull-never scratch)
    buildah "${storage[@]}" add --quiet "$container" "$root" / >/dev/null
    buildah "${storage[@]}" config --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$container"
    buildah "${storage[@]}" commit --quiet --rm "$container" "$base" >/dev/null
  fi
  say "building with buildah"
  buildah "${storage[@]}" bud --isolation=chroot --pull-never --format docker --build-arg "NODE_IMAGE=$base" -t "$image" .
fi

"${engine[@]}" images --format '{{.Repository}}:{{.Tag}} {{.Size}}' | grep -E "maskline:test|node:24" || true

safely=(--read-only --tmpfs /tmp --cap-drop=all --security-opt=no-new-privileges --memory=1g "${limits[@]}")
inside() { "${engine[@]}" run --rm "${safely[@]}" --entrypoint node "$image" -e "$1"; }

say "what is in it"
[ "$(inside 'console.log(process.getuid())')" = 1000 ] || fail "it does not run as uid 1000"
inside 'const fs = require("fs");
  for (const name of ["node", "typescript", "assemblyscript", "@duckdb", "@biomejs"])
    if (fs.existsSync(`/app/node_modules/${name}`)) throw new Error(`${name} is in the image`);
  try { fs.writeFileSync("/app/x", ""); throw new Error("the root is writable") } catch (error) { if (error.code !== "EROFS") throw error }'
"${engine[@]}" run --rm "${safely[@]}" "$image" --version

say "masking a fixture"
mkdir -m 777 "$work/out"
"${engine[@]}" run --rm "${safely[@]}" -e MASKLINE_KEY=fixture-key-0123456789abcdef-0123456789 \
  -v "$PWD/fixtures/transcript:/work:ro" -v "$work/out:/out" "$image" run --output /out/
cmp fixtures/transcript/expected.jsonl "$work/out/input.jsonl" || fail "the output is not what is expected"

say "asking a run for its health, and stopping it"
mkdir -m 755 "$work/in"
for number in $(seq 400); do ln fixtures/interactions.parquet "$work/in/$number.parquet" 2>/dev/null ||
  cp fixtures/interactions.parquet "$work/in/$number.parquet"; done
cp maskline.yaml fixtures/demo.key "$work/in/"
sed -i 's#\./fixtures/##' "$work/in/maskline.yaml"
echo 'metrics: { port: 19464 }' >>"$work/in/maskline.yaml"
"${engine[@]}" run -d --name maskline-stop-$$ "${safely[@]}" -v "$work/in:/work:ro" -v "$work/out:/out" \
  -e MASKLINE_HEALTH_PORT=19464 "$image" run --input '/work/*.parquet' --output /out/stopped/ >/dev/null
for _ in $(seq 300); do
  "${engine[@]}" logs maskline-stop-$$ 2>&1 | grep -q '"planned"' && break
  sleep 0.1
done
# The last word of the health check's command is the program for node -e.
health=$("${engine[@]}" image inspect --format '{{index .Config.Healthcheck.Test 3}}' "$image" 2>/dev/null ||
  "${engine[@]}" image inspect --format '{{index .HealthCheck.Test 3}}' "$image")
"${engine[@]}" exec maskline-stop-$$ node -e "$health" || fail "the health check fails while a run is under way"
"${engine[@]}" stop --time 20 maskline-stop-$$ >/dev/null
code=$("${engine[@]}" inspect --format '{{.State.ExitCode}}' maskline-stop-$$)
"${engine[@]}" logs maskline-stop-$$ 2>&1 | tail -3
"${engine[@]}" rm -f maskline-stop-$$ >/dev/null
[ "$code" = 143 ] || fail "SIGTERM gave $code, not 143"
[ -z "$(find "$work/out/stopped" -name manifest.json -o -name '*.tmp')" ] || fail "something was left behind"

say "the image is good ($SECONDS s)"
