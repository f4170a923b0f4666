"""IAM: what a role is allowed, by the setting `role_denies` and not by policies. Everything else of IAM is moto's."""


class Iam:
    """`role_denies` maps actions to how they are denied: {"ecr:BatchGetImage": "implicitDeny"}; all others are allowed."""

    def __init__(self, settings):
        self.settings = settings

    def operations(self):
        return {"SimulatePrincipalPolicy": self.simulate_principal_policy}

    def simulate_principal_policy(self, call):
        denies = self.settings["role_denies"]
        resources = call.input.get("ResourceArns", ["*"])
        return {"IsTruncated": False, "EvaluationResults": [
            {"EvalActionName": action, "EvalResourceName": resource, "EvalDecision": denies.get(action, "allowed"),
             "MatchedStatements": [], "MissingContextValues": []}
            for action in call.input["ActionNames"] for resource in resources]}
