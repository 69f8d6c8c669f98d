/** Characters that a rule's pattern may have ("Amazon EventBridge quotas", EventBridge user guide). */
export const mostPatternCharacters = 2048;
