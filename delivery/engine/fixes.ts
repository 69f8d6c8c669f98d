/** What to do about the errors of AWS that come in the middle of an update, by the codes in their texts. */
const fixes: readonly (readonly [codes: RegExp, fix: (stack: string) => string])[] = [
  [
    /Throttl|TooManyRequests|RequestLimitExceeded|SlowDown|Rate exceeded/,
    () =>
      "AWS was asked too often: run the same again in some minutes. It takes up what is half-made",
  ],
  [
    /AccessDenied|UnauthorizedOperation|is not authorized to perform/,
    (stack) =>
      "These credentials lack a right. The roles of a pipeline get theirs from the program: " +
      `pulumi up --stack ${stack} by a person who may change roles, then run the same again`,
  ],
  [
    /LimitExceeded|QuotaExceeded|exceeded the maximum/,
    () =>
      "A quota of the account is used up: raise it (Service Quotas), or remove what is not needed, then run the same again",
  ],
  [
    /AlreadyExists|already exists|PriorityInUse|\bDuplicate/,
    (stack) =>
      `Something of this name is there that the state of ${stack} does not know: pulumi import it, or delete it`,
  ],
  [
    /ExpiredToken|security token .* (?:is )?(?:expired|invalid)/,
    () => "The credentials have expired: sign in anew, then run the same again",
  ],
];

/** The fixes for what Pulumi said of resources: a line each, none twice. */
export function fixesOf(errors: readonly string[], stack: string): string[] {
  return fixes.flatMap(([codes, fix]) =>
    errors.some((error) => codes.test(error)) ? [fix(stack)] : [],
  );
}
