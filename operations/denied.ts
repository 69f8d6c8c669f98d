/** The codes by which AWS's services refuse what IAM does not allow. */
const denied =
  /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|AuthorizationError|AuthorizationErrorException|NotAuthorized)$/;

/** Whether AWS refuses, since IAM does not allow it. */
export function isDenied(error: unknown): error is Error {
  return error instanceof Error && (denied.test(error.name) || unnamedStatus(error) === 403);
}

/** The number of an answer that has no more than that: S3's to a HEAD. The SDK calls it so where it knows no better. */
export function unnamedStatus(error: unknown): number | undefined {
  if (!(error instanceof Error) || error.name !== "Unknown") return undefined;
  const { $metadata } = error as Error & {
    readonly $metadata?: { readonly httpStatusCode?: number };
  };
  return $metadata?.httpStatusCode;
}
