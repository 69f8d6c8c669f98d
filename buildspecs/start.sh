# How every action begins: with the command of the `pulumi up` that made this buildspec, and a Node that runs it.
# CodeBuild's shell is the same for all commands; in one of its own, what fails here ends the phase and no more.
(
  fail() { echo "gantry: $1. Nothing was changed." >&2; exit 1; }
  # AWS's image has several versions of Node, of which the default is the oldest: `n` takes another, without a download.
  node=${NODE_22_VERSION:-$NODE_24_VERSION}
  if [ "$node" ] && command -v n >/dev/null; then n $node || fail "this image has no Node $node"; fi
  # One request: `aws s3 cp` makes two. Called .cjs, since the home folder may be in a repository of ES modules.
  at=${GANTRY_COMMAND#s3://}
  aws s3api get-object --bucket ${at%%/*} --key ${at#*/} ~/gantry.cjs >/dev/null || fail "$GANTRY_COMMAND cannot be had; pulumi up puts it there"
  # The name is the hash of what was put there.
  hash=$(node -p 'crypto.createHash("sha256").update(fs.readFileSync(process.argv[1])).digest("hex")' ~/gantry.cjs)
  [ $hash.js = ${GANTRY_COMMAND##*/} ] || fail "$GANTRY_COMMAND is not what pulumi up put there"
)
