"""AWS Organizations: one organisation, its units, accounts and their tags.

The setting `organization` is None (no organisation) or {"management": id, "accounts": n}: a tree is then made that is the
same in every run: Root ── Security (2 accounts), Sandbox, Workloads ── Prod, Test.
"""

from .answers import ApiError, result

PAGE = 20
STARTED = 1_700_000_000
UNITS = (("Security", "root"), ("Sandbox", "root"), ("Workloads", "root"), ("Prod", "Workloads"), ("Test", "Workloads"))
# Not every account of an organisation can be scanned.
STATES = {13: "SUSPENDED", 27: "PENDING_CLOSURE", 38: "PENDING_ACTIVATION"}
ORGANIZATION_ID, ROOT_ID = "o-exampleorg1", "r-ex01"


def member_id(number):
    """The account id of a member: also with zeros in front, which count."""
    return f"{(number * 97_531_864_201 + 1_234_567) % 10**12:012d}" if number != 3 else "000000123456"


class Organizations:
    def __init__(self, settings, store):
        self.settings, self.store = settings, store
        self.made_for = None
        self.accounts, self.units = [], {}

    def operations(self):
        names = ("ListAccounts", "ListAccountsForParent", "ListChildren", "ListOrganizationalUnitsForParent", "ListRoots",
                 "ListParents", "DescribeOrganization", "DescribeAccount", "DescribeOrganizationalUnit", "ListTagsForResource",
                 "ListDelegatedAdministrators")
        return {name: getattr(self, "_" + "".join(c if c.islower() else "_" + c.lower() for c in name)[1:]) for name in names}

    def members(self):
        """The accounts as Organizations describes them, with "Parent" and "Tags" beside."""
        self._make()
        return self.accounts

    def _make(self):
        wanted = self.settings["organization"]
        if wanted is None:
            raise ApiError("AWSOrganizationsNotInUseException", "Your account is not a member of an organization.")
        if self.made_for == (wanted["management"], wanted["accounts"]):
            return
        self.made_for = (wanted["management"], wanted["accounts"])
        self.units = {name: f"ou-ex01-{number:08d}" for number, (name, _) in enumerate(UNITS, 1)}
        self.accounts = []
        for number in range(wanted["accounts"]):
            account = wanted["management"] if number == 0 else member_id(number)
            unit = "root" if number == 0 else "Security" if number <= 2 else ("Prod", "Test", "Sandbox")[number % 3]
            state = STATES.get(number, "ACTIVE")
            row = {"Id": account, "Name": "management" if number == 0 else f"{unit.lower()}-{number:02d}",
                   "Arn": f"arn:aws:organizations::{wanted['management']}:account/{ORGANIZATION_ID}/{account}",
                   "Email": f"aws+{number:02d}@acme.example", "State": state,
                   "JoinedMethod": "CREATED" if number else "INVITED", "JoinedTimestamp": STARTED + number * 86400}
            tags = {"Stage": unit.lower(), "Owner": f"team-{number % 4}"}
            self.accounts.append({"Account": row, "Parent": ROOT_ID if unit == "root" else self.units[unit], "Tags": tags})

    def _allow(self, call):
        self._make()
        allowed = [self.settings["organization"]["management"], *self.settings["delegated_administrators"]]
        if call.account not in allowed:
            raise ApiError("AccessDeniedException", "You don't have permissions to access this resource.")

    def _page(self, call, name, rows):
        size = min(call.input.get("MaxResults", PAGE), PAGE)
        token = call.input.get("NextToken", "0")
        if not token.isdigit():
            raise ApiError("InvalidInputException", "You provided an invalid NextToken.")
        start = int(token)
        answer = {name: rows[start:start + size]}
        if start + size < len(rows):
            answer["NextToken"] = str(start + size)
        return result(call.model, answer)

    def _accounts_of(self, parent):
        return [each["Account"] for each in self.accounts if each["Parent"] == parent]

    def _units_of(self, parent):
        ids = {"root": ROOT_ID, **self.units}
        return [self._unit(name) for name, above in UNITS if ids[above] == parent]

    def _unit(self, name):
        management = self.settings["organization"]["management"]
        return {"Id": self.units[name], "Name": name,
                "Arn": f"arn:aws:organizations::{management}:ou/{ORGANIZATION_ID}/{self.units[name]}"}

    def _parent(self, call, parent):
        if parent != ROOT_ID and parent not in self.units.values():
            raise ApiError("ParentNotFoundException", "You specified parent that doesn't exist.")
        return parent

    def _list_accounts(self, call):
        self._allow(call)
        return self._page(call, "Accounts", [each["Account"] for each in self.accounts])

    def _list_accounts_for_parent(self, call):
        self._allow(call)
        return self._page(call, "Accounts", self._accounts_of(self._parent(call, call.input["ParentId"])))

    def _list_organizational_units_for_parent(self, call):
        self._allow(call)
        return self._page(call, "OrganizationalUnits", self._units_of(self._parent(call, call.input["ParentId"])))

    def _list_children(self, call):
        self._allow(call)
        parent, kind = self._parent(call, call.input["ParentId"]), call.input["ChildType"]
        rows = self._accounts_of(parent) if kind == "ACCOUNT" else self._units_of(parent)
        return self._page(call, "Children", [{"Id": row["Id"], "Type": kind} for row in rows])

    def _list_parents(self, call):
        self._allow(call)
        child = call.input["ChildId"]
        ids = {"root": ROOT_ID, **self.units}
        parents = {each["Account"]["Id"]: each["Parent"] for each in self.accounts}
        parents.update({self.units[name]: ids[above] for name, above in UNITS})
        if child not in parents:
            raise ApiError("ChildNotFoundException", "You specified child that doesn't exist.")
        kind = "ROOT" if parents[child] == ROOT_ID else "ORGANIZATIONAL_UNIT"
        return result(call.model, {"Parents": [{"Id": parents[child], "Type": kind}]})

    def _list_roots(self, call):
        self._allow(call)
        arn = f"arn:aws:organizations::{self.settings['organization']['management']}:root/{ORGANIZATION_ID}/{ROOT_ID}"
        return self._page(call, "Roots", [{"Id": ROOT_ID, "Arn": arn, "Name": "Root", "PolicyTypes": []}])

    def _describe_organization(self, call):
        self._make()
        management = self.settings["organization"]["management"]
        if call.account not in [each["Account"]["Id"] for each in self.accounts]:
            raise ApiError("AWSOrganizationsNotInUseException", "Your account is not a member of an organization.")
        return result(call.model, {"Organization": {
            "Id": ORGANIZATION_ID, "Arn": f"arn:aws:organizations::{management}:organization/{ORGANIZATION_ID}",
            "FeatureSet": "ALL", "MasterAccountId": management, "MasterAccountEmail": "aws+00@acme.example",
            "MasterAccountArn": f"arn:aws:organizations::{management}:account/{ORGANIZATION_ID}/{management}",
            "AvailablePolicyTypes": []}})

    def _describe_account(self, call):
        self._allow(call)
        for each in self.accounts:
            if each["Account"]["Id"] == call.input["AccountId"]:
                return result(call.model, {"Account": each["Account"]})
        raise ApiError("AccountNotFoundException", "You specified an account that doesn't exist.")

    def _describe_organizational_unit(self, call):
        self._allow(call)
        for name, unit in self.units.items():
            if unit == call.input["OrganizationalUnitId"]:
                return result(call.model, {"OrganizationalUnit": self._unit(name)})
        raise ApiError("OrganizationalUnitNotFoundException", "You specified an organizational unit that doesn't exist.")

    def _list_tags_for_resource(self, call):
        self._allow(call)
        for each in self.accounts:
            if each["Account"]["Id"] == call.input["ResourceId"]:
                return self._page(call, "Tags", [{"Key": key, "Value": value} for key, value in each["Tags"].items()])
        return self._page(call, "Tags", [])

    def _list_delegated_administrators(self, call):
        self._allow(call)
        wanted = self.settings["delegated_administrators"]
        rows = [{**each["Account"], "DelegationEnabledDate": STARTED} for each in self.accounts
                if each["Account"]["Id"] in wanted]
        return self._page(call, "DelegatedAdministrators", rows)
