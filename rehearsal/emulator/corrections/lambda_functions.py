"""Lambda CreateFunction, UpdateFunctionConfiguration, GetFunction.

moto forgets where a function logs to, its dead letter queue, key and file systems, and does not update tracing or
ephemeral storage: changes at each preview.
"""

from typing import Any, Dict

from moto.awslambda.models import LambdaFunction

KEPT = ("LoggingConfig", "DeadLetterConfig", "KMSKeyArn", "FileSystemConfigs")


def apply() -> None:
    initialise, configuration, update = (
        LambdaFunction.__init__,
        LambdaFunction.get_configuration,
        LambdaFunction.update_configuration,
    )

    def initialised(
        self: LambdaFunction, account_id: str, spec: Dict[str, Any], *args: Any, **kwargs: Any
    ) -> None:
        initialise(self, account_id, spec, *args, **kwargs)
        self.kept = {key: spec[key] for key in KEPT if spec.get(key)}

    def shown(self: LambdaFunction, on_create: bool = False) -> Dict[str, Any]:
        logging = {"LogFormat": "Text", "LogGroup": "/aws/lambda/" + self.function_name}
        kept = getattr(self, "kept", {})
        return {
            **configuration(self, on_create),
            **kept,
            "LoggingConfig": {**logging, **kept.get("LoggingConfig", {})},
        }

    def updated(self: LambdaFunction, config_updates: Dict[str, Any]) -> Dict[str, Any]:
        if "Environment" in config_updates:
            # moto fails on an environment without variables.
            config_updates["Environment"].setdefault("Variables", {})
        self.kept = {
            **getattr(self, "kept", {}),
            **{k: v for k, v in config_updates.items() if k in KEPT},
        }
        self.tracing_config = config_updates.get("TracingConfig") or self.tracing_config
        self.ephemeral_storage = (config_updates.get("EphemeralStorage") or {}).get(
            "Size", self.ephemeral_storage
        )
        return update(self, config_updates)

    LambdaFunction.__init__ = initialised
    LambdaFunction.get_configuration = shown
    LambdaFunction.update_configuration = updated
