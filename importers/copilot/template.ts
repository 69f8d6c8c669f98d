import { below, type SourceNode } from "../source";

/** A resource of a template of CloudFormation. */
export interface Resource {
  readonly name: string;
  readonly type: string;
  readonly node: SourceNode;
}

/** A template of an addon, with what Copilot fills into it for one environment. */
export class Template {
  readonly resources: readonly Resource[];

  /** @param given what Copilot says for parameters: `App`, `Env`. */
  constructor(
    readonly root: SourceNode,
    private readonly given: Readonly<Record<string, string | undefined>>,
  ) {
    this.resources = [...(below(root, "Resources")?.children ?? [])].map(([name, node]) => ({
      ...{ name, node },
      type: String(below(node, "Type")?.value),
    }));
  }

  /** The names under which the template exports something. */
  get exports(): string[] {
    const outputs = [...(below(this.root, "Outputs")?.children?.values() ?? [])];
    const names = outputs.map((output) => this.text(below(output, "Export", "Name")));
    return names.filter((name) => name !== undefined);
  }

  /** A property, where it is a plain value, a parameter's, or one of a mapping. */
  property({ node }: Resource, ...keys: string[]): unknown {
    return this.plain(below(node, "Properties", ...keys));
  }

  /** The same of a value anywhere in the template. */
  plain(node: SourceNode | undefined): unknown {
    if (node === undefined) return undefined;
    const mapped = node.isList ? node : below(node, "Fn::FindInMap");
    if (mapped?.isList) return this.mappingValue([...(mapped.children?.values() ?? [])]);
    const reference = below(node, "Ref") ?? node;
    return this.parameter(reference.value) ?? node.value;
  }

  /** A tag such as !Ref is no part of the value that follows it. */
  private parameter(name: unknown): unknown {
    if (typeof name !== "string") return undefined;
    return this.given[name] ?? below(this.root, "Parameters", name, "Default")?.value;
  }

  private mappingValue(keys: readonly SourceNode[]): unknown {
    const path = keys.map((key) => String(this.plain(key)));
    return below(this.root, "Mappings", ...path)?.value;
  }

  /** The text of a node, of which `!Sub` names parameters; undefined where one is not known. */
  private text(node: SourceNode | undefined): string | undefined {
    const value = below(node, "Fn::Sub")?.value ?? node?.value;
    if (typeof value !== "string") return undefined;
    const text = value.replace(/\$\{(\w+)\}/g, (whole, name: string) => this.given[name] ?? whole);
    return text.includes("${") ? undefined : text;
  }
}
