import { DeleteParameterCommand, PutParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";
import type { EnvironmentNames } from "../../contract/names";
import { isNamed } from "../../delivery/errors";

interface Asked {
  readonly ssm: Pick<SSMClient, "send">;
}

type Marked = Pick<EnvironmentNames, "sleepMarker">;

/** Has `pulumi up` refuse: it would start tasks of some services. */
export async function setMarker(
  { ssm }: Asked,
  { sleepMarker }: Marked,
  text: string,
): Promise<void> {
  await ssm.send(
    new PutParameterCommand({ Name: sleepMarker, Value: text, Type: "String", Overwrite: true }),
  );
}

/** Lets `pulumi up` go on. */
export async function removeMarker({ ssm }: Asked, { sleepMarker }: Marked): Promise<void> {
  try {
    await ssm.send(new DeleteParameterCommand({ Name: sleepMarker }));
  } catch (error) {
    if (!isNamed(error, "ParameterNotFound")) throw error;
  }
}
