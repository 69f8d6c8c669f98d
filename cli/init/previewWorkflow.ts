import { stringify } from "yaml";
import { longestComment } from "../../delivery/preview/markdown";

/** What the workflow of pull requests is written of. */
export interface WorkflowPlan {
  /** The product, by which its comment is found again. */
  readonly name: string;
  /** Of the project, from the repository's root; `.` is the root itself. */
  readonly folder: string;
  /** In the order in which the comment has them. */
  readonly stacks: readonly { readonly stack: string; readonly region: string }[];
}

/** Where GitHub looks for it, from the repository's root. */
export const workflowPath = ".github/workflows/preview.yml";

/** The repository's variable that names the role of a stack. */
export function roleVariable(stack: string): string {
  return `GANTRY_${stack.toUpperCase().replaceAll("-", "_")}_ROLE_ARN`;
}

/** By their commits, since a tag can be moved: read off the tags of each repository. */
const actions = {
  checkout: "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1",
  node: "actions/setup-node@820762786026740c76f36085b0efc47a31fe5020 # v7.0.0",
  pulumi: "pulumi/actions@8e5e406f4007fca908480587cb9893c07090f58d # v7.0.0",
  aws: "aws-actions/configure-aws-credentials@e6de054238d6b7531b4efff3b6587d9aade6a06c # v6.2.3",
  upload: "actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f # v7.0.0",
  download: "actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c # v8.0.1",
} as const;

/**
 * The workflow that previews each pull request in all stacks, and keeps one comment up to date. What runs the pull
 * request's own code may read, and write nothing; what writes the comment runs none of it.
 * @throws Error without a stack.
 */
export function previewWorkflow({ name, folder, stacks }: WorkflowPlan): string {
  if (stacks.length === 0) throw new Error("a workflow of no stack previews nothing");
  const limit = Math.floor(longestComment / stacks.length);
  return `# What a pull request changes in each stack, in words, as one comment that is kept up to date: docs/pull-requests.md of
# Gantry, by which gantry init --github made this file.
name: preview
on:
  pull_request:
permissions: {}
# A newer commit of the same pull request takes the place of the one that is still previewed.
concurrency:
  group: ${of("github.workflow")}-${of("github.event.pull_request.number")}
  cancel-in-progress: true
jobs:
  preview:
    # Pull requests from forks get no role: whoever makes one may push nothing to this repository.
    if: github.event.pull_request.head.repo.full_name == github.repository
    runs-on: ubuntu-24.04
    timeout-minutes: 30
    permissions:
      contents: read
      id-token: write
    strategy:
      fail-fast: false
      matrix:
        include:
          # The variable of the repository has the stack's output pullRequestRoleArn.
${stacks.map(matrixLine).join("\n")}
    defaults:
      run:
        shell: bash
        working-directory: ${scalar(folder)}
    steps:
      - name: Ask for the role
        if: vars[matrix.variable] == ''
        working-directory: .
        env:
          STACK: ${of("matrix.stack")}
          VARIABLE: ${of("matrix.variable")}
        run: |
          echo "::error::Nothing says under which role to preview $STACK. Set gantry:pullRequests, run pulumi up, and set the variable $VARIABLE of this repository to the output pullRequestRoleArn."
          exit 1
      - uses: ${actions.checkout}
        with:
          persist-credentials: false
      - uses: ${actions.node}
        with:
          node-version: 22
          cache: npm
          cache-dependency-path: "**/package-lock.json"
      - run: npm ci
      - name: Find the version of Pulumi
        id: pulumi
        run: |
          version=$(node -p 'require("@pulumi/pulumi/package.json").version')
          echo "version=$version" >> "$GITHUB_OUTPUT"
      - uses: ${actions.pulumi}
        with:
          pulumi-version: ${of("steps.pulumi.outputs.version")}
      - uses: ${actions.aws}
        with:
          role-to-assume: ${of("vars[matrix.variable]")}
          aws-region: ${of("matrix.region")}
      - name: Preview
        env:
          STACK: ${of("matrix.stack")}
          # A Pulumi service needs the token; a bucket its address, and the passphrase unless a KMS key has its place.
          PULUMI_ACCESS_TOKEN: ${of("secrets.PULUMI_ACCESS_TOKEN")}
          PULUMI_BACKEND_URL: ${of("vars.PULUMI_BACKEND_URL")}
          PULUMI_CONFIG_PASSPHRASE: ${of("secrets.PULUMI_CONFIG_PASSPHRASE")}
        # GitHub takes 65,536 characters of a comment, which the stacks share.
        run: npx --no-install gantry preview --stack "$STACK" --markdown --limit ${limit} --output "$RUNNER_TEMP/$STACK.md"
      # Also what says why there is no preview.
      - if: \${{ !cancelled() }}
        uses: ${actions.upload}
        with:
          name: preview-${of("matrix.stack")}
          path: ${of("runner.temp")}/${of("matrix.stack")}.md
          if-no-files-found: ignore
          overwrite: true
          retention-days: 7
  comment:
    needs: preview
    # Not of a fork, and not of a commit that a newer one took the place of.
    if: \${{ !cancelled() && needs.preview.result != 'skipped' }}
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    permissions:
      pull-requests: write
    steps:
      - uses: ${actions.download}
        with:
          pattern: preview-*
          merge-multiple: true
          path: ${of("runner.temp")}/previews
      - name: Write the comment, or bring it up to date
        shell: bash
        env:
          GH_TOKEN: ${of("github.token")}
          MARKER: <!-- gantry preview of ${name} -->
          STACKS: ${stacks.map(({ stack }) => stack).join(" ")}
          NUMBER: ${of("github.event.pull_request.number")}
          COMMIT: ${of("github.event.pull_request.head.sha")}
          LOG: ${of("github.server_url")}/${of("github.repository")}/actions/runs/${of("github.run_id")}
        run: |
          comment="$RUNNER_TEMP/comment.md"
          {
            echo "$MARKER"
            for stack in $STACKS; do
              preview="$RUNNER_TEMP/previews/$stack.md"
              if [ -s "$preview" ]; then
                cat "$preview"
              else
                echo "**\\\`$stack\\\`**: the preview failed ✗ before it began; [the log]($LOG) says why"
              fi
              echo
            done
            echo "Previewed with $COMMIT merged. [Log]($LOG)"
          } > "$comment"
          # Its own, and nobody's who quotes it.
          mine='.[] | select(.user.login == "github-actions[bot]" and (.body | startswith(env.MARKER))) | .id'
          ids=$(gh api --paginate "repos/$GITHUB_REPOSITORY/issues/$NUMBER/comments" --jq "$mine")
          read -r id <<< "$ids"
          if [ "$id" ]; then
            gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" --field "body=@$comment" --silent
          else
            gh api --method POST "repos/$GITHUB_REPOSITORY/issues/$NUMBER/comments" --field "body=@$comment" --silent
          fi
`;
}

function matrixLine({ stack, region }: WorkflowPlan["stacks"][number]): string {
  const fields = { stack, region, variable: roleVariable(stack) };
  return `          - ${stringify(fields, { collectionStyle: "flow", lineWidth: 0 }).trim()}`;
}

/** A value that GitHub fills in. */
function of(expression: string): string {
  return `\${{ ${expression} }}`;
}

function scalar(text: string): string {
  return stringify(text, { lineWidth: 0 }).trim();
}
