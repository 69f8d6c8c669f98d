// On Node 20 the AWS SDK warns at each start, in eight lines that bury what there is to say. Imported before the SDK is.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
